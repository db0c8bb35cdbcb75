// A Vendure shop on this machine, in one folder: `node index.js seed FILE | serve PORT`.
// No worker: nothing here listens to its events or waits for a job. Who adds webhooks starts one beside it,
// or every event published inside a database transaction is lost.

const fs = require('node:fs');
const path = require('node:path');
const core = require('@vendure/core');

const PASSWORD = process.env.SHOP_PASSWORD;

function config(port, isNew) {
    return {
        apiOptions: { hostname: '127.0.0.1', port, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
        authOptions: {
            tokenMethod: ['bearer'],
            superadminCredentials: { identifier: 'docket', password: PASSWORD },
        },
        dbConnectionOptions: {
            type: 'better-sqlite3',
            database: path.join(__dirname, 'shop.sqlite'),
            enableWAL: true,
            synchronize: isNew,
            logging: false,
        },
        paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
        shippingOptions: { fulfillmentHandlers: [core.manualFulfillmentHandler] },
        logger: new core.DefaultLogger({ level: core.LogLevel.Warn, timestamp: false }),
        plugins: [],
    };
}

async function seed(file) {
    const { initial, articles } = JSON.parse(fs.readFileSync(file, 'utf8'));
    const app = await core.bootstrap(config(0, true));
    await app.get(core.Populator).populateInitialData(initial);
    const columns = ['name', 'slug', 'description', 'assets', 'facets', 'optionGroups', 'optionValues', 'sku', 'price',
        'taxCategory', 'stockOnHand', 'trackInventory', 'variantAssets', 'variantFacets'];
    const rows = articles.map(({ sku, name, price, stock }) =>
        [name, sku.toLowerCase(), '', '', '', '', '', sku, price, 'standard', stock, 'true', '', '']);
    const text = [columns, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
    const told = await app.get(core.Importer).parseAndImport(text, core.LanguageCode.en, false).toPromise();
    await app.close();
    if (told.errors && told.errors.length) throw new Error(told.errors.join('\n'));
}

async function serve(port) {
    process.stdin.resume().on('end', () => process.exit(0));  // whoever asked is gone
    await core.bootstrap(config(port, false));
    console.log('ready');
}

const [verb, what] = process.argv.slice(2);
(verb === 'seed' ? seed(what).then(() => process.exit(0)) : serve(Number(what))).catch((fault) => {
    console.error(fault);
    process.exit(1);
});
