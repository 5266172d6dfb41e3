package fleet

import (
	"errors"
	"iter"

	"ecs-activation/internal/activation"
)

// Changes run at most 8 at a time in a region and 32 in all, so that one command does not use up
// the requests that the account is allowed.
const (
	perRegion = 8
	inAll     = 32
)

// InOrder works on every code and yields the results in the order of the codes, each as soon as it
// and those before it are there. All are worked on, whatever becomes of the others.
func InOrder[T any](refs []activation.Ref, work func(activation.Ref) T) iter.Seq[T] {
	all, regions := make(chan struct{}, inAll), map[string]chan struct{}{}
	results := make([]chan T, len(refs))
	for i, ref := range refs {
		results[i] = make(chan T, 1)
		if regions[ref.RegionId] == nil {
			regions[ref.RegionId] = make(chan struct{}, perRegion)
		}
		go func(region chan struct{}) {
			region <- struct{}{}
			all <- struct{}{}
			results[i] <- work(ref)
			<-all
			<-region
		}(regions[ref.RegionId])
	}
	return func(yield func(T) bool) {
		for _, r := range results {
			if !yield(<-r) {
				return
			}
		}
	}
}

// Untried reports whether a signal came before a request for the code was sent.
func Untried(err error) bool {
	var known *activation.Error
	return errors.As(err, &known) && known.Kind == activation.KindInterrupted && known.NothingDone
}
