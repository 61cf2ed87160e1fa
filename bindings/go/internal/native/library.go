// Package native is the C interface of PardoX, one Go function for each C function.
//
// Out-params are results, the error record is a *Failure; nothing here has an opinion. The library
// is linked as a shared one: from the repository's target/release by its rpath, or from where
// CGO_LDFLAGS and the loader's own paths say. A binary that cannot find it does not start, and the
// loader says so.
package native

// #cgo LDFLAGS: -L${SRCDIR}/../../../../target/release -lpardox
// #cgo linux LDFLAGS: -Wl,-rpath,${SRCDIR}/../../../../target/release
// #cgo darwin LDFLAGS: -Wl,-rpath,${SRCDIR}/../../../../target/release
import "C"

import (
	"fmt"
	"sync"
)

// Check says whether the linked library serves the surface of this package, once.
var Check = sync.OnceValue(func() error { return CheckSurface(Surface) })

// CheckSurface says whether the linked library serves a surface.
func CheckSurface(surface uint64) error {
	satisfied, failure := HasSurface(surface)
	if failure != nil {
		return fmt.Errorf("pardox: the library does not answer: %s", failure.Message)
	}
	if satisfied == 1 {
		return nil
	}
	major, minor, _ := AbiVersion()
	return fmt.Errorf("pardox: the linked library serves C interface %d.%d, which lacks the "+
		"surface %#x of this package; use the package and the library of one version",
		major, minor, surface)
}
