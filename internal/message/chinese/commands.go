package chinese

// commands are texts about messages of the commands and of the parser of the command line (cli, cmdline).
var commands = []entry{}
