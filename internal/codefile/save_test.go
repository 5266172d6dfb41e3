package codefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/disk/disktest"
)

const token = "MKWLRKT2BG7AVEV2ZJSL2YOZTC"

var forNew, forOld = Options{Token: token}, Options{Token: token, Replaces: "OLD"}

func save(t *testing.T, fsys disk.FS, path string, f File, o Options) {
	t.Helper()
	if err := Save(fsys, path, f, o); err != nil {
		t.Fatal(err)
	}
}

// checkHolds checks which code a file contains ("" for no file), and that no other files are in its folder.
func checkHolds(t *testing.T, fsys disk.FS, path, code string) {
	t.Helper()
	f, err := Read(fsys, path)
	if f.ActivationCode != code || (code == "") != errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file contains %q, %v, want %q", f.ActivationCode, err, code)
	}
	if names := otherFiles(t, fsys, path); len(names) > 0 {
		t.Errorf("other files: %q", names)
	}
}

// otherFiles returns the names of all other files in the folder of a file.
func otherFiles(t *testing.T, fsys disk.FS, path string) (names []string) {
	t.Helper()
	entries, err := fsys.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestSaveOnTheRealFileSystem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "code.json")
	old, later := newFile("OLD", "a-old"), newFile("NEW", "a-new")
	save(t, disk.OS{}, path, old, forNew)
	checkHolds(t, disk.OS{}, path, "a-old")
	if info, err := os.Stat(path); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	err := Save(disk.OS{}, path, later, forNew)
	if want := "cannot save " + path + ": "; !errors.Is(err, fs.ErrExist) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	checkHolds(t, disk.OS{}, path, "a-old")
	save(t, disk.OS{}, path, later, forOld)
	checkHolds(t, disk.OS{}, path, "a-new")
	save(t, disk.OS{}, path, later, forOld) // the file already contains the code
	checkHolds(t, disk.OS{}, path, "a-new")
}

func TestSaveReplacesOnlyTheGivenCode(t *testing.T) {
	for name, there := range map[string]string{
		"another code":                  `{"ActivationId":"OTHER","RegionId":"cn-hangzhou","ActivationCode":"a-other"}`,
		"no code":                       "some notes",
		"an unusable code":              `{"ActivationId":"OLD","RegionId":"cn-hangzhou","ActivationCode":"a old"}`,
		"the same ID with another code": `{"ActivationId":"NEW","RegionId":"cn-hangzhou","ActivationCode":"a-other"}`,
		"the same code with another ID": `{"ActivationId":"OTHER","RegionId":"cn-hangzhou","ActivationCode":"a-new"}`,
	} {
		for _, o := range []Options{forNew, forOld} {
			d := disktest.New()
			p := d.Process(nil)
			write(t, p, "/code.json", there)
			if err := Save(p, "/code.json", newFile("NEW", "a-new"), o); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s, %+v: %v", name, o, err)
			}
			if content, err := p.Read("/code.json", 1000); err != nil || string(content) != there {
				t.Errorf("%s, %+v: replaced by %s, %v", name, o, content, err)
			}
			if names := otherFiles(t, p, "/code.json"); len(names) > 0 {
				t.Errorf("other files: %q", names)
			}
		}
	}
}

// write creates a file that survives a power cut.
func write(t *testing.T, fsys disk.FS, path, content string) {
	t.Helper()
	f, err := fsys.Create(path)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err = errors.Join(err, f.Sync(), f.Close(), fsys.SyncFolder(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
}

func TestAFileCreatedDuringSaveIsNotReplaced(t *testing.T) {
	for _, noLinks := range []bool{false, true} {
		d := disktest.New()
		d.NoLinks = noLinks
		other := d.Process(nil)
		p := d.Process(func(when disktest.When, op, _ string) error {
			if when == disktest.Before && (op == "link" || op == "rename") {
				if _, err := other.Lstat("/code.json"); err != nil {
					write(t, other, "/code.json", "another file")
				}
			}
			return nil
		})
		if err := Save(p, "/code.json", newFile("NEW", "a-new"), forNew); !errors.Is(err, fs.ErrExist) {
			t.Errorf("without links %v: %v", noLinks, err)
		}
		if content, err := other.Read("/code.json", 1000); err != nil || string(content) != "another file" {
			t.Errorf("replaced by %s, %v", content, err)
		}
	}
}

// When the process is killed at any step, the file does not exist or is completely old or new. The next attempt writes the new
// file, which survives a power cut, and leaves no other files.
func TestSaveIsAtomicWhenTheProcessIsKilled(t *testing.T) {
	for _, noLinks := range []bool{false, true} {
		for _, o := range []Options{forNew, forOld} {
			before := disktest.New()
			before.NoLinks = noLinks
			old := ""
			if o.Replaces != "" {
				old = "a-old"
				save(t, before.Process(nil), "/code.json", newFile("OLD", old), forNew)
			}
			steps := 0
			for done := false; !done; steps++ {
				for _, powerCut := range []bool{false, true} {
					t.Run(fmt.Sprintf("links %v, replaces %q, step %d, power cut %v", !noLinks, o.Replaces, steps, powerCut), func(t *testing.T) {
						done = killAt(t, before.Clone(), o, old, steps, powerCut)
					})
				}
			}
			if steps < 10 {
				t.Errorf("only %d steps", steps)
			}
		}
	}
}

// killAt saves a code, kills the process at one step, and saves again. It reports whether the first
// attempt finished before that step.
func killAt(t *testing.T, d *disktest.Disk, o Options, old string, step int, powerCut bool) (done bool) {
	var p *disktest.Process
	p = d.Process(func(disktest.When, string, string) error {
		if step--; step == -1 {
			p.Kill()
		}
		return nil
	})
	err := Save(p, "/code.json", newFile("NEW", "a-new"), o)
	done = step >= 0
	if done != (err == nil) {
		t.Errorf("done %v, %v", done, err)
	}
	if powerCut {
		d.PowerCut()
	}
	again := d.Process(nil)
	there, err := Read(again, "/code.json")
	wholly := there.ActivationCode == old || there.ActivationCode == "a-new"
	absent := old == "" && errors.Is(err, fs.ErrNotExist)
	if !wholly || err != nil && !absent || done && there.ActivationCode != "a-new" {
		t.Errorf("the file holds %q, %v", there.ActivationCode, err)
	}
	discarded := d.Clone()
	save(t, again, "/code.json", newFile("NEW", "a-new"), o)
	checkHolds(t, again, "/code.json", "a-new")
	d.PowerCut()
	checkHolds(t, d.Process(nil), "/code.json", "a-new")

	if err := RemoveTemporary(discarded.Process(nil), "/code.json", o.Token); err != nil {
		t.Error(err)
	}
	discarded.PowerCut()
	if names := otherFiles(t, discarded.Process(nil), "/code.json"); len(names) > 0 {
		t.Errorf("other files after RemoveTemporary: %q", names)
	}
	return done
}

func TestASyncedTemporaryFileIsRemoved(t *testing.T) {
	temporary := temporaryName("/code.json", token)
	for name, finish := range map[string]func(disk.FS) error{
		"saved again": func(p disk.FS) error { return Save(p, "/code.json", newFile("NEW", "a-new"), forNew) },
		"removed":     func(p disk.FS) error { return RemoveTemporary(p, "/code.json", token) },
	} {
		d := disktest.New()
		save(t, d.Process(nil), "/code.json", newFile("NEW", "a-new"), forNew)
		write(t, d.Process(nil), temporary, "a-new")
		if err := finish(d.Process(nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		d.PowerCut()
		checkHolds(t, d.Process(nil), "/code.json", "a-new")
	}
}

func TestTheTemporaryNameDependsOnTheToken(t *testing.T) {
	if got := temporaryName("/a/code.json", token); got != filepath.Join("/a", ".ecs-activation-d27b67ede183d251") {
		t.Errorf("%s", got)
	}
	unnamed := temporaryName("/a/x", "")
	if temporaryName("/a/x", "other") == temporaryName("/a/x", token) || unnamed == temporaryName("/a/x", "") {
		t.Error("two creates share a temporary file")
	}
}

func TestRemoveTemporaryWithoutAFile(t *testing.T) {
	d := disktest.New()
	if err := RemoveTemporary(d.Process(nil), "/none/code.json", token); err != nil {
		t.Errorf("no folder: %v", err)
	}
	d.ReadOnly = true
	if err := RemoveTemporary(d.Process(nil), "/code.json", token); err != nil {
		t.Errorf("read-only: %v", err)
	}
}

func TestSavingTheSameCodeOnAReadOnlyDiskSucceeds(t *testing.T) {
	d := disktest.New()
	save(t, d.Process(nil), "/code.json", newFile("NEW", "a-new"), forNew)
	d.ReadOnly = true
	save(t, d.Process(nil), "/code.json", newFile("NEW", "a-new"), forNew)
}

func TestErrorsOfAFullOrReadOnlyDisk(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*disktest.Disk)
		want  error
		text  string
	}{
		"full":      {func(d *disktest.Disk) { d.Full = true }, syscall.ENOSPC, "cannot create a file in the folder of /sub/code.json: "},
		"read-only": {func(d *disktest.Disk) { d.ReadOnly = true }, syscall.EROFS, "cannot create a file in the folder of /sub/code.json: "},
		"no way to put in place": {func(d *disktest.Disk) { d.NoLinks, d.NoRenameNew = true, true }, syscall.EPERM,
			"the file system supports neither hard links (operation not permitted) nor a rename that does not replace files"},
	} {
		t.Run(name, func(t *testing.T) {
			d := disktest.New()
			p := d.Process(nil)
			if err := p.MkdirAll("/sub"); err != nil {
				t.Fatal(err)
			}
			test.spoil(d)
			for what, err := range map[string]error{
				"save":        Save(p, "/sub/code.json", newFile("NEW", "a-new"), forNew),
				"writable":    Writable(p, "/sub/code.json"),
				"replaceable": Replaceable(p, "/sub/code.json"),
			} {
				if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) || strings.Contains(err.Error(), prefix) {
					t.Errorf("%s: %v, want %s", what, err, test.text)
				}
			}
			checkHolds(t, p, "/sub/code.json", "")
		})
	}
}

// The errors do not name the temporary file either.
func TestAFailedSaveRemovesItsTemporaryFile(t *testing.T) {
	odd := errors.New("failed")
	for _, when := range []disktest.When{disktest.Before, disktest.After} {
		for _, op := range []string{"create", "write", "sync", "link", "syncfolder"} {
			d := disktest.New()
			failing := d.Process(func(at disktest.When, step, path string) error {
				if at == when && step == op {
					return &fs.PathError{Op: op, Path: path, Err: odd}
				}
				return nil
			})
			err := Save(failing, "/code.json", newFile("NEW", "a-new"), forNew)
			switch { // after a failed link, Save tries a rename, which finds the link
			case op == "link" && when == disktest.Before && err == nil, op == "link" && when == disktest.After && errors.Is(err, fs.ErrExist):
				err = odd
			}
			if !errors.Is(err, odd) || strings.Contains(err.Error(), prefix) {
				t.Errorf("%s: %v", op, err)
			}
			if names := otherFiles(t, d.Process(nil), "/code.json"); len(names) > 0 && (op != "create" || when != disktest.After) {
				t.Errorf("%v %s other files: %q", when, op, names)
			}
		}
	}
}

func TestAnInvalidCodeIsNotWritten(t *testing.T) {
	for name, spoil := range map[string]func(*File){
		"a control character":     func(f *File) { f.ActivationCode = "a-\x1b[31m" },
		"no code":                 func(f *File) { f.ActivationCode = "" },
		"an invalid ID":           func(f *File) { f.ActivationId = "../x" },
		"an invalid region":       func(f *File) { f.RegionId = "cn_hangzhou" },
		"no region":               func(f *File) { f.RegionId = "" },
		"a dry run":               func(f *File) { f.DryRun = true },
		"an invalid earlier code": func(f *File) { f.Earlier = []activation.Ref{{ActivationId: "OLD"}} },
		"too large":               func(f *File) { f.Description = strings.Repeat("x", Largest) },
	} {
		d := disktest.New()
		f := newFile("NEW", "a-new")
		spoil(&f)
		var unreadable *Unreadable
		if err := Save(d.Process(nil), "/code.json", f, forNew); !errors.As(err, &unreadable) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: %v", name, err)
		}
		checkHolds(t, d.Process(nil), "/code.json", "")
	}
}

func TestAFileOfTheLargestSizeIsSaved(t *testing.T) {
	f := newFile("NEW", "a-new")
	f.Description = "x"
	content, err := encode(f)
	if err != nil {
		t.Fatal(err)
	}
	f.Description = strings.Repeat("x", 1+Largest-len(content))
	d := disktest.New()
	save(t, d.Process(nil), "/code.json", f, forNew)
	checkHolds(t, d.Process(nil), "/code.json", "a-new")
}

func TestATemporaryFileThatCannotBeRemovedIsAnError(t *testing.T) {
	d := disktest.New()
	write(t, d.Process(nil), temporaryName("/code.json", token), "a-new")
	for _, failed := range []string{"remove", "syncfolder"} {
		fails := func(_ disktest.When, op, _ string) error {
			if op == failed {
				return syscall.EPERM
			}
			return nil
		}
		p := d.Process(fails)
		if err := RemoveTemporary(p, "/code.json", token); !errors.Is(err, syscall.EPERM) {
			t.Errorf("%s: %v", failed, err)
		}
		if err := Save(p, "/code.json", newFile("NEW", "a-new"), forNew); !errors.Is(err, syscall.EPERM) {
			t.Errorf("%s: %v", failed, err)
		}
		if err := Save(disktest.New().Process(fails), "/code.json", newFile("NEW", "a-new"), forNew); !errors.Is(err, syscall.EPERM) {
			t.Errorf("%s, a new file: %v", failed, err)
		}
	}
}

func TestAnExistingFileIsTheReasonEvenWithoutRenames(t *testing.T) {
	d := disktest.New()
	d.NoRenameNew = true
	save(t, d.Process(nil), "/code.json", newFile("OLD", "a-old"), Options{})
	if err := Save(d.Process(nil), "/code.json", newFile("NEW", "a-new"), forNew); !errors.Is(err, fs.ErrExist) || errors.Is(err, errors.ErrUnsupported) || strings.Contains(err.Error(), "supports") {
		t.Errorf("%v", err)
	}
}

func TestAProbeThatCannotBeRemovedOrSyncedIsAnError(t *testing.T) {
	for _, failed := range []string{"remove", "syncfolder"} {
		p := disktest.New().Process(func(_ disktest.When, op, path string) error {
			if op == failed && (op == "syncfolder" || strings.HasSuffix(path, "-placed")) {
				return syscall.EPERM
			}
			return nil
		})
		if err := Writable(p, "/code.json"); !errors.As(err, new(*NotWritable)) || !errors.Is(err, syscall.EPERM) {
			t.Errorf("%s: %v", failed, err)
		}
	}
}

func TestANameThatIsTooLongIsNotWritable(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("x", 300))
	if err := Writable(disk.OS{}, path); !errors.As(err, new(*NotWritable)) {
		t.Errorf("%v", err)
	}
}

func TestTheErrorNamesAMissingFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "sub")
	path := filepath.Join(folder, "code.json")
	for what, err := range map[string]error{
		"save":        Save(disk.OS{}, path, newFile("NEW", "a-new"), forNew),
		"writable":    Writable(disk.OS{}, path),
		"replaceable": Replaceable(disk.OS{}, path),
	} {
		if want := "folder " + folder + " does not exist"; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
}

func TestWritableAndReplaceable(t *testing.T) {
	for _, fsys := range []disk.FS{disk.OS{}, disktest.New().Process(nil)} {
		folder := "/"
		if fsys == (disk.OS{}) {
			folder = t.TempDir()
		}
		path := filepath.Join(folder, "code.json")
		if err := errors.Join(Writable(fsys, path), Replaceable(fsys, path)); err != nil {
			t.Error(err)
		}
		checkHolds(t, fsys, path, "")
		save(t, fsys, path, newFile("OLD", "a-old"), forNew)
		var exists *Exists
		if err := Writable(fsys, path); !errors.As(err, &exists) || err.Error() != path+" already exists and is not overwritten" {
			t.Errorf("%v", err)
		}
		if err := Replaceable(fsys, path); err != nil {
			t.Error(err)
		}
		checkHolds(t, fsys, path, "a-old")
		var refused *NotWritable
		if err := Writable(fsys, filepath.Join(path, "below")); !errors.As(err, &refused) || refused.NoFolder {
			t.Errorf("below a file: %v", err)
		}
	}
}

// On a disk without hard links and without a rename that does not replace files, a file can be
// replaced, but no new file can be written.
func TestTheProbeUsesTheSameOperationsAsSave(t *testing.T) {
	d := disktest.New()
	save(t, d.Process(nil), "/code.json", newFile("OLD", "a-old"), forNew)
	d.NoLinks, d.NoRenameNew = true, true
	var ops []string
	p := d.Process(func(when disktest.When, op, _ string) error {
		if when == disktest.After {
			ops = append(ops, op)
		}
		return nil
	})
	if err := Replaceable(p, "/code.json"); err != nil {
		t.Error(err)
	}
	if want := []string{"create", "write", "sync", "rename", "remove", "syncfolder"}; !slices.Equal(ops, want) {
		t.Errorf("%q, want %q", ops, want)
	}
	var refused *NotWritable
	if err := Replaceable(p, "/other.json"); !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
	checkHolds(t, p, "/code.json", "a-old")
}

func TestMakePrivateRemovesPermissionsOfOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "code.json")
	if err := errors.Join(os.WriteFile(path, nil, 0o644), os.Chmod(path, 0o644), MakePrivate(disk.OS{}, path)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := MakePrivate(disk.OS{}, path+".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	d := disktest.New()
	write(t, d.Process(nil), "/code.json", "")
	d.ReadOnly = true
	if err := MakePrivate(d.Process(nil), "/code.json"); err != nil {
		t.Errorf("a file that is already private: %v", err)
	}
}

func TestRealPathResolvesSymbolicLinks(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	if err := errors.Join(os.Mkdir("real", 0o700), os.WriteFile("real/code.json", nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("real", "link"), os.Symlink("real/code.json", "code.json")); err != nil {
		t.Skip(err)
	}
	for name, want := range map[string]string{
		"code.json":       "real/code.json",
		"link/code.json":  "real/code.json",
		"link/new.json":   "real/new.json",
		"./link/../x":     "x",
		"real/./new.json": "real/new.json",
	} {
		if got, err := RealPath(name); err != nil || got != filepath.Join(folder, want) {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
	var unwritable *NotWritable
	if _, err := RealPath("none/code.json"); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &unwritable) || !unwritable.NoFolder {
		t.Errorf("no folder: %v", err)
	}
}

// A relative name cannot be resolved if the working folder was deleted.
func TestRealFolderResolvesSymbolicLinks(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	if err := os.Mkdir("real", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", "link"); err != nil {
		t.Skip("this system does not permit symbolic links: ", err)
	}
	for name, want := range map[string]string{
		".": ".", "link": "real", "link/": "real", "real": "real", "link/new": "real/new", "link/new/../newer/deep": "real/newer/deep", "none": "none",
	} {
		if got, err := RealFolder(name); err != nil || got != filepath.Join(folder, want) {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if err := os.WriteFile("file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := RealFolder("file/new"); err == nil && runtime.GOOS != "windows" {
		t.Errorf("a folder in a file: %s", got)
	}
}

func TestRealPathInADeletedWorkingFolder(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	if os.Remove(folder) != nil {
		t.Skip("this system keeps the working folder")
	}
	if _, err := os.Getwd(); err == nil {
		t.Skip("this system keeps the name of the working folder")
	}
	if path, err := RealPath("code.json"); err == nil {
		t.Errorf("%q", path)
	}
}

func TestErrorsOfARenameDoNotNameTheTemporaryFile(t *testing.T) {
	err := notSaved("/home/code.json", &os.LinkError{Op: "rename", Old: "/home/.ecs-activation-1", New: "/home/code.json", Err: syscall.ENOSPC})
	if want := "cannot save /home/code.json: no space left on device"; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
