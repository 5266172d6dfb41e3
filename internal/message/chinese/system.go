package chinese

// system are texts about errors of the operating system and of libraries.
var system = []entry{}
