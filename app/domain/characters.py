"""Characters that mean the same: wide and narrow, traditional and simplified; and those that mean nothing.

Source: the pairs are those of OpenCC 1.4.2 (t2s, tw2s, hk2s; Apache-2.0) whose simplified character stands in
the name of a division or a town; a character that stands in such a name itself is left as it is.
"""

from __future__ import annotations

import html
import re

HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
WIDE = re.compile("[\uff01-\uff5e\u3000]")
TRADITIONAL = (
    "亞佈佔來侖侶侷係俬倉個們倖倫偉側傑傘備傢傳傾僑僕儀儁億儉優儲兌兒兗內兩冊凈凍凱別則剋剎剛剝創劃劄劉劍"
    "勁動務勝勞勢勵勸勻匯區協卻卽厙厤厲參叢吳呂員唸問啓啞啟喚喬單嗎噲噹嚀嚥嚮嚴囌圇國圍園圓圖團垻埡埰堅堖"
    "堯報場塊塗塢塵塹墊墰墳墶墻墾壇壋壘壚壜壟壠壢壩壯壺壽夢夥夾奧奪奮婁媧媽嫗孃孫學宮寀實寧審寬寶將專尋對"
    "導層屬岡峯峴島峽崍崑崗崙嵐嵗嶁嶇嶗嶠嶧嶨嶮嶺嶼嶽巋巒巖帥師帳帶幃幫幹幾庫廂廈廕廟廠廣廬廳弔張強彆彈彌"
    "彎彔彙彥彫彿後徑從徠復徵恆悅惱愛慄態慣慶慼憑憲應懞懷戀戰戲戶拋捨捲掛採揚換揮搖搧搶摺撈撥撫擁擔擡擴擺"
    "攔攜攝敍敎敘數斷旂昇時晉暉暘暢曆曇曉曏曬書會朮東枱枴柵柺査桿梘條棊棖棗棟棧棲椏楊楓業極榦榮構槓樂樅樑"
    "樓標樞樣樸樹樺橋機橫檜檢檯櫟櫻欄權欏欒欖欽歐歡歲歷歸殻殼氂氣汎沖況涇涼淥淨淩淪淵淶淺渙渦測渾湞湧湯溈"
    "準溝溫溮溳溼滄滎滙滬滸滾滿漁漚漢漣漲漵漿潁潑潙潛潤潯潿澇澗澠澤澮澱濃濕濟濤濰濱濼瀆瀋瀏瀘瀝瀟瀠瀧瀨瀰"
    "瀲瀾灃灄灑灕灘灣灤為烏無煉煙煥煩煬熱燈燒營爐爛爲爺爾牆犛犢狀猶獃獅獨獲獵獻現琱琿瑤瑪璉璣璦環瓊瓏甌甕"
    "產産畝畢畫異畵當疇疊發皁盃盞監盤盧盪眞眾矇硃硤硯碩碭確碼磚磧磯磽礄礎礦礬礱祿禎禦禪禮禿稅稜種稱穀積穎"
    "穩穫窩窪窯竇竈竪競筆筍筧箇箚節範築篔篤簀簍簡簹簾籬籮粵糧糰紀約紅納純紗紙級紡紮細紹終絃結絡絨統絲絳綉"
    "綏經綜綠綢綫維網綵綸綺綽綿緊緑緒線緞緣編緯緱練緻縉縣縫縱縴縹總績織繞繡繩繫繼續纍纏纔纖缽罈罎羅羣羨義"
    "習聖聞聯聰聲聶職肅脈脣脩脫腦腳腸膠膩臘臚臥臨臺與興舉舊舖舘艤艷茲荊莊華菴菸萇萊萬葉著葦葯蒐蒓蒼蓆蓋蓮"
    "蓴蔔蔘蔞蔣蔥蔭蕎蕓蕩蕪蕭薊薌薑薩薹藍藝藥藪藴藺蘄蘆蘇蘊蘋蘭蘿處號虯蜆蝦螄螞蟬蟻蠶蠻衆術衕衚衛衝衞衹袷"
    "裏補裝裡製複褳襬覈覓視親覺覽觀計託記訥訪設許訶註詔試詩話誇誌誠課誼調談論諧諫諶諸諾謀謙講謝謨譙譚譜議"
    "護譽讓讚谿豎豐豔豬貍貓貝貞財貢貨貫貴買費貿賀賁資賈賒賓賚賜賡賢賣賦質賴賽贈贊贛趕趙跡蹟蹤躍車軍軒軫軸"
    "軹軻載輓輔輕輝輞輦輪輯輻輿轄轅轉轎轟辦農迴逕連週進遊運過達遙遜遞遠適遲遶遷選遼邁還邊邏郟郵鄆鄉鄒鄔鄖"
    "鄧鄭鄰鄲鄴酇酈醣醫釀釋釗針釣釦釵鈎鈐鈞鈡鈴鈸鈺鉅鉗鉛鉢鉤銀銅銘鋅鋒鋪鋼錄錢錦錫錯録錶鍊鍋鍔鍬鍼鍾鎂鎌"
    "鎖鎣鎭鎮鏇鏞鏡鏵鐔鐘鐮鐵鐸鐺鑑鑒鑲鑼長門閃閆開閑閒間閔閘閣閤閩閬閭閶閻闆闇闊闕闖關闞闢陘陝陞陰陳陸陽"
    "隊際隨隱隴隻雋雙雜雞離雲電霑霧霽靈靜鞏鞦韆韋韓韜韻響頁頂頃項順須頌預頓頗頡頭頸顆額顏顓顔顙類顧顯風颱"
    "飛飯飲養餘館餵饅饒馬馮馱馳馴駐駒駕駝駟駱駿騌騎騰騾驅驊驕驗驛驥驪體髮鬆鬍鬚鬥鬧鬱魚魯鮁鮎鮑鮓鮦鮮鯉鯨"
    "鯰鰲鰺鱗鱘鳥鳧鳩鳬鳳鳴鴉鴛鴦鴨鴻鴿鵑鵝鵠鵡鵬鵰鵲鶚鶯鶴鶿鷀鷂鷄鷗鷥鷲鷹鸕鸚鸞鹹鹼鹽麗麥麪麫麯麴麵麼麽"
    "黃點黨鼕齊齋齒齡齣龍龐龔龕龜"
)
SIMPLIFIED = (
    "亚布占来仑侣局系私仓个们幸伦伟侧杰伞备家传倾侨仆仪俊亿俭优储兑儿兖内两册净冻凯别则克刹刚剥创划札刘剑"
    "劲动务胜劳势励劝匀汇区协却即厍历厉参丛吴吕员念问启哑启唤乔单吗哙当咛咽向严苏囵国围园圆图团坝垭采坚垴"
    "尧报场块涂坞尘堑垫坛坟垯墙垦坛垱垒垆坛垄垅坜坝壮壶寿梦伙夹奥夺奋娄娲妈妪娘孙学宫采实宁审宽宝将专寻对"
    "导层属冈峰岘岛峡崃昆岗仑岚岁嵝岖崂峤峄峃崄岭屿岳岿峦岩帅师帐带帏帮干几库厢厦荫庙厂广庐厅吊张强别弹弥"
    "弯录汇彦雕佛后径从徕复征恒悦恼爱栗态惯庆戚凭宪应蒙怀恋战戏户抛舍卷挂采扬换挥摇扇抢折捞拨抚拥担抬扩摆"
    "拦携摄叙教叙数断旗升时晋晖旸畅历昙晓向晒书会术东台拐栅拐查杆枧条棋枨枣栋栈栖桠杨枫业极干荣构杠乐枞梁"
    "楼标枢样朴树桦桥机横桧检台栎樱栏权椤栾榄钦欧欢岁历归壳壳牦气泛冲况泾凉渌净凌沦渊涞浅涣涡测浑浈涌汤沩"
    "准沟温浉涢湿沧荥汇沪浒滚满渔沤汉涟涨溆浆颍泼沩潜润浔涠涝涧渑泽浍淀浓湿济涛潍滨泺渎沈浏泸沥潇潆泷濑弥"
    "潋澜沣滠洒漓滩湾滦为乌无炼烟焕烦炀热灯烧营炉烂为爷尔墙牦犊状犹呆狮独获猎献现雕珲瑶玛琏玑瑷环琼珑瓯瓮"
    "产产亩毕画异画当畴叠发皂杯盏监盘卢荡真众蒙朱硖砚硕砀确码砖碛矶硗硚础矿矾砻禄祯御禅礼秃税棱种称谷积颖"
    "稳获窝洼窑窦灶竖竞笔笋笕个札节范筑筼笃箦篓简筜帘篱箩粤粮团纪约红纳纯纱纸级纺扎细绍终弦结络绒统丝绛绣"
    "绥经综绿绸线维网彩纶绮绰绵紧绿绪线缎缘编纬缑练致缙县缝纵纤缥总绩织绕绣绳系继续累缠才纤钵坛坛罗群羡义"
    "习圣闻联聪声聂职肃脉唇修脱脑脚肠胶腻腊胪卧临台与兴举旧铺馆舣艳兹荆庄华庵烟苌莱万叶着苇药搜莼苍席盖莲"
    "莼卜参蒌蒋葱荫荞芸荡芜萧蓟芗姜萨苔蓝艺药薮蕴蔺蕲芦苏蕴苹兰萝处号虬蚬虾蛳蚂蝉蚁蚕蛮众术同胡卫冲卫只夹"
    "里补装里制复裢摆核觅视亲觉览观计托记讷访设许诃注诏试诗话夸志诚课谊调谈论谐谏谌诸诺谋谦讲谢谟谯谭谱议"
    "护誉让赞溪竖丰艳猪狸猫贝贞财贡货贯贵买费贸贺贲资贾赊宾赉赐赓贤卖赋质赖赛赠赞赣赶赵迹迹踪跃车军轩轸轴"
    "轵轲载挽辅轻辉辋辇轮辑辐舆辖辕转轿轰办农回径连周进游运过达遥逊递远适迟绕迁选辽迈还边逻郏邮郓乡邹邬郧"
    "邓郑邻郸邺酂郦糖医酿释钊针钓扣钗钩钤钧钟铃钹钰巨钳铅钵钩银铜铭锌锋铺钢录钱锦锡错录表炼锅锷锹针钟镁镰"
    "锁蓥镇镇旋镛镜铧镡钟镰铁铎铛鉴鉴镶锣长门闪闫开闲闲间闵闸阁合闽阆闾阊阎板暗阔阙闯关阚辟陉陕升阴陈陆阳"
    "队际随隐陇只隽双杂鸡离云电沾雾霁灵静巩秋千韦韩韬韵响页顶顷项顺须颂预顿颇颉头颈颗额颜颛颜颡类顾显风台"
    "飞饭饮养余馆喂馒饶马冯驮驰驯驻驹驾驼驷骆骏骔骑腾骡驱骅骄验驿骥骊体发松胡须斗闹郁鱼鲁鲅鲇鲍鲊鲖鲜鲤鲸"
    "鲇鳌鲹鳞鲟鸟凫鸠凫凤鸣鸦鸳鸯鸭鸿鸽鹃鹅鹄鹉鹏雕鹊鹗莺鹤鹚鹚鹞鸡鸥鸶鹫鹰鸬鹦鸾咸碱盐丽麦面面曲曲面么么"
    "黄点党冬齐斋齿龄出龙庞龚龛龟"
)
PLAIN = HALF_WIDTH | str.maketrans(TRADITIONAL, SIMPLIFIED)
OTHERWISE = re.compile(f"[\uff01-\uff5e\u3000{TRADITIONAL}]")
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f\u20e3"
    "\U000e0001-\U000e007f"
)
PICTURES = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
NOTHING = re.compile(f"[{INVISIBLE}]+")
PICTURE = re.compile(f"[{PICTURES}]")
ODD_SIGNS = f"{INVISIBLE}{PICTURES}&"
ODD = re.compile(f"[{ODD_SIGNS}]")
"""One of them is in every text that is to be tidied."""
ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|amp|lt|gt|quot|#\d{1,5}|#x[0-9a-f]{1,4});", re.IGNORECASE)


def half_width(text: str) -> str:
    """Turn full-width letters, digits and signs into half-width ones, position by position."""
    return text.translate(HALF_WIDTH) if WIDE.search(text) else text


def folded(text: str) -> str:
    """Turn text half-width, and traditional characters of place names simplified, position by position."""
    return text.translate(PLAIN) if OTHERWISE.search(text) else text


def tidied(text: str) -> str:
    """Leave out what nobody sees, and put blanks for pictures and for what a web page wrote as &nbsp;."""
    if not ODD.search(text):
        return text
    text = ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return PICTURE.sub(" ", NOTHING.sub("", text)).replace("\xa0", " ")
