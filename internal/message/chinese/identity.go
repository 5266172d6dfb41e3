package chinese

// identity are texts about credentials (identity).
var identity = []entry{}
