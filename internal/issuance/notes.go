package issuance

import "ecs-activation/internal/activation"

// Note is information for the user that is not an error. Package message writes its text.
type Note interface{ note() }

// The notes.
type (
	// RecordStale reports that the record could not be updated. The create continues.
	RecordStale struct{ Err error }
	// RecordUnreadable reports that a record could not be read, so its create is not known.
	RecordUnreadable struct{ Err error }
	// FolderMadePrivate reports that other users could read the folder of records. Their permissions were removed.
	FolderMadePrivate struct{}
	// Unrecorded reports that the record could not be written. The code can be retrieved again only with the
	// client token that the user gave.
	Unrecorded struct{ Err error }
	// Waiting reports that another process works on the file, or on the batch, and this process waits for it.
	Waiting struct{ File, Batch string }

	// NewCode reports that the code is not the one that an earlier run may have created.
	NewCode struct {
		Ref          activation.Ref
		CreationTime string // empty: not known
		Earlier      string // the ActivationId of the earlier code; empty: not known, and there may be none
	}
	// NotChecked reports that it could not be checked whether the code is a new one.
	NotChecked struct{ Err error } // nil: the service returned no times
	// InactiveCode reports that the code that a replay returned is not Active.
	InactiveCode struct{ Status activation.Status }
	// DeletedCode reports that the code was deleted.
	DeletedCode struct{}
	// Candidates reports that these codes may be the ones that earlier runs created.
	Candidates struct {
		RegionId string
		Codes    []activation.Activation
	}
	// NotSearched reports that the search for candidates failed.
	NotSearched struct {
		RegionId string
		Err      error
	}

	// NotSavable reports that the service returned a code that cannot be saved to a file. It is printed instead.
	NotSavable struct{ Err error }

	// NotReused reports why the code in the file is not reused.
	NotReused struct {
		Ref       activation.Ref
		Parameter string // the API parameter that differs
		Missing   bool   // the service does not have the code
		Unmet     error  // the requirement that the code does not meet
	}
	// NotPrivate reports that other users of the machine may be able to read the file.
	NotPrivate struct{ Err error }
	// EarlierUnfinished reports that an earlier run left an unfinished create, and this dry run does not finish it.
	EarlierUnfinished struct{}
	// EarlierRefused reports that the service refused to repeat an unfinished create.
	EarlierRefused struct {
		Token string
		Err   error
	}
	// NotListed reports that the codes of a region could not be listed before a batch, so the times of its codes
	// may not be known.
	NotListed struct {
		RegionId string
		Err      error
	}
	// Surplus reports codes that may be second codes of a batch, because its creates were sent more than once.
	Surplus struct {
		RegionId string
		Codes    []activation.Activation
		Err      error // why it is not known whether there are any; nil: it is
	}
	// RetireFailed reports that an old code could not be deleted or disabled.
	RetireFailed struct{ Err error }
	// Clock reports a response of the service, whose time may differ from this machine's clock.
	Clock struct{ Answer activation.Answer }
)

func (RecordStale) note()       {}
func (RecordUnreadable) note()  {}
func (FolderMadePrivate) note() {}
func (Unrecorded) note()        {}
func (Waiting) note()           {}
func (NewCode) note()           {}
func (NotChecked) note()        {}
func (InactiveCode) note()      {}
func (DeletedCode) note()       {}
func (Candidates) note()        {}
func (NotSearched) note()       {}
func (NotSavable) note()        {}
func (NotReused) note()         {}
func (NotPrivate) note()        {}
func (EarlierUnfinished) note() {}
func (EarlierRefused) note()    {}
func (NotListed) note()         {}
func (Surplus) note()           {}
func (RetireFailed) note()      {}
func (Clock) note()             {}

// note reports an error of the record as a note, because the command continues.
func (i *Issuer) note(err error) {
	if err != nil {
		i.Note(RecordStale{err})
	}
}
