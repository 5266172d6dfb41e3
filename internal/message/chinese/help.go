package chinese

// helpOfProgram are texts about the help of the program, and the flags of every command.
var helpOfProgram = []entry{}
