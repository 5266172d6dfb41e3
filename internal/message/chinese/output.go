package chinese

// output are texts about tables and other output (view, ui).
var output = []entry{}
