package cluster

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemoryThatIsMissingIsNotUsed(t *testing.T) {
	if got := roomiest(filepath.Join(t.TempDir(), "missing")); got != os.TempDir() {
		t.Errorf("the server would go to %q", got)
	}
}
