package chinese

// files are texts about files of codes, records and scripts (codefile, pending, issuance, disk, bootstrap, batch).
var files = []entry{}
