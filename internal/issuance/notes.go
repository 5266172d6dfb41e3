package issuance

import "ecs-activation/internal/activation"

// Note is something worth knowing that is no error.
type Note interface{ note() }

// The notes.
type (
	// RecordStale says that the record could not be updated. The create goes on.
	RecordStale struct{ Err error }
	// RecordUnreadable says that a record could not be read, so what it is about is not known.
	RecordUnreadable struct{ Err error }
	// FolderTightened says that other users could read the folder of records, and can no longer.
	FolderTightened struct{}
	// Unrecorded says that no record can be kept: only the user's own token brings the code again.
	Unrecorded struct{ Err error }
	// Waiting says that another process works on the file.
	Waiting struct{ File string }

	// NewCode says that the code is not the one that an earlier run may have made.
	NewCode struct {
		Ref          activation.Ref
		CreationTime string // empty: not known
		Earlier      string // the ActivationId of the earlier code; empty: not known, and there may be none
	}
	// NotChecked says that it could not be checked whether the code is a new one.
	NotChecked struct{ Err error } // nil: the service told no times
	// DeadCode says that the code that was replayed is not Active.
	DeadCode struct{ Status activation.Status }
	// Candidates are the codes that the earlier runs may have made.
	Candidates struct {
		RegionId string
		Codes    []activation.Activation
	}
	// NotSearched says that the candidates could not be searched for.
	NotSearched struct {
		RegionId string
		Err      error
	}

	// NotSavable says that the service returned a code that no file may hold: it is not saved but shown.
	NotSavable struct{ Err error }

	// NotReused says why the code in the file will not do.
	NotReused struct {
		Ref       activation.Ref
		Parameter string // of the API, that was another one
		Missing   bool   // the service does not hold the code
		Unmet     error  // what of the need it does not meet
	}
	// NotPrivate says that other users of the machine may be able to read the file.
	NotPrivate struct{ Err error }
	// EarlierUnfinished says that a dry run leaves an unfinished create of an earlier run.
	EarlierUnfinished struct{}
	// EarlierRefused says that the service refused to repeat an unfinished create.
	EarlierRefused struct {
		Token string
		Err   error
	}
	// RetireFailed says that an old code could not be deleted or disabled.
	RetireFailed struct{ Err error }
	// Clock is an answer of the service, whose time may differ from this machine's.
	Clock struct{ Answer activation.Answer }
)

func (RecordStale) note()       {}
func (RecordUnreadable) note()  {}
func (FolderTightened) note()   {}
func (Unrecorded) note()        {}
func (Waiting) note()           {}
func (NewCode) note()           {}
func (NotChecked) note()        {}
func (DeadCode) note()          {}
func (Candidates) note()        {}
func (NotSearched) note()       {}
func (NotSavable) note()        {}
func (NotReused) note()         {}
func (NotPrivate) note()        {}
func (EarlierUnfinished) note() {}
func (EarlierRefused) note()    {}
func (RetireFailed) note()      {}
func (Clock) note()             {}
