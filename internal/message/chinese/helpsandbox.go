package chinese

// helpOfSandbox are texts about the help of sandbox, config, completion and version.
var helpOfSandbox = []entry{}
