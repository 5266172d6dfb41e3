package chinese

// settings are texts about settings and their sources (config, process).
var settings = []entry{}
