package chinese

// helpOfList are texts about the help of the commands that read and change codes.
var helpOfList = []entry{}
