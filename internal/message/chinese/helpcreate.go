package chinese

// helpOfCreate are texts about the help of the commands that make codes: create, ensure, recover and bootstrap.
var helpOfCreate = []entry{}
