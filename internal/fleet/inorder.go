package fleet

import (
	"context"
	"errors"
	"iter"

	"ecs-activation/internal/activation"
)

// Changes run at most 8 at a time in a region and 32 in all, so that one command does not use up
// the requests that the account is allowed.
const (
	PerRegion = 8
	InAll     = 32
)

// inOrder works on every code and yields the results in the order of the codes, each as soon as it
// and those before it are there. All are worked on, whatever becomes of the others. The goroutine for a
// code is started when there is a slot, because thousands of goroutines that wait take much memory.
func inOrder[T any](refs []activation.Ref, work func(activation.Ref) T) iter.Seq[T] {
	slots := NewSlots(PerRegion, InAll)
	results, regions := make([]chan *T, len(refs)), map[string][]int{} // pointers, because a result is larger than a channel
	for i, ref := range refs {
		results[i] = make(chan *T, 1)
		regions[ref.RegionId] = append(regions[ref.RegionId], i)
	}
	for region, numbers := range regions {
		go func() {
			for _, i := range numbers {
				giveBack, _ := slots.Take(context.Background(), region) // this context does not end
				go func() {
					result := work(refs[i])
					results[i] <- &result
					giveBack()
				}()
			}
		}()
	}
	return func(yield func(T) bool) {
		for _, r := range results {
			if !yield(*<-r) {
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
