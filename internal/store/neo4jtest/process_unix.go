//go:build linux || darwin || freebsd

package neo4jtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// lockFile waits for the named lock, across processes; the system releases it
// if the process dies.
func lockFile(name string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", name, err)
	}
	return func() { f.Close() }, nil
}

// bound is a process that ends when this one does.
type bound struct{ pid int }

// startBound starts cmd so that it is killed, and the folder dir removed, when
// this process ends, however it ends.
func startBound(cmd *exec.Cmd, dir string) (bound, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return bound{}, err
	}
	pid := cmd.Process.Pid
	err := atExit(`kill -s KILL -- "-$0"; rm -rf "$1"`, strconv.Itoa(pid), dir)
	if err != nil {
		bound{pid}.stop()
	}
	return bound{pid}, err
}

// ended tells whether the process has ended by itself.
func (b bound) ended() bool {
	pid, err := syscall.Wait4(b.pid, nil, syscall.WNOHANG, nil)
	return pid == b.pid || err != nil
}

func (b bound) stop() {
	syscall.Kill(-b.pid, syscall.SIGKILL)
	syscall.Wait4(b.pid, nil, 0, nil)
}

// atExit has a shell run script once this process is gone: it waits for the
// end of a pipe whose other end only this process holds. The shell is in a
// process group of its own, so that it outlives an interrupt from the
// terminal.
func atExit(script string, args ...string) error {
	watch := exec.Command("sh", append([]string{"-c", "read -r _; " + script}, args...)...)
	watch.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	hold, err := watch.StdinPipe()
	if err != nil {
		return err
	}
	if err := watch.Start(); err != nil {
		return err
	}
	held = append(held, hold)
	return nil
}

// held keeps the pipes of atExit from being collected, and so closed.
var held []any
