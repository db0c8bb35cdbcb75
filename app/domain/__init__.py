"""Orders, stock, people and rules as frozen values; pure functions over them."""
