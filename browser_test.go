package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// page is a browser's window on the demo, used with mouse and keys as a person
// would. What cannot be done there fails the test, with a picture and the
// visible text. With the test flag -artifacts every step leaves a picture.
type page struct {
	t     *testing.T
	ctx   context.Context
	shots int

	mu     sync.Mutex
	faults []string // what the browser's console complained of
}

// openPage starts a headless browser of its own and opens url.
func openPage(t *testing.T, url string) *page {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.DisableGPU,
		chromedp.Flag("headless", "new"), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	browser, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(func() {
		closeTab()
		stop()
		chromedp.FromContext(browser).Allocator.Wait()
	})
	p := &page{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	p.window(1280, 800)
	p.act("open the page", chromedp.Navigate(url))
	return p
}

// chromium returns the browser to use, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	names := []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
	}
	switch asked := os.Getenv("TEST_CHROMIUM"); asked {
	case "none":
		t.Skip("TEST_CHROMIUM=none leaves out the story in a browser.")
	case "":
	default:
		path, err := exec.LookPath(asked)
		if err != nil {
			t.Fatalf("TEST_CHROMIUM names no browser: %v", err)
		}
		return path
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("The story in a browser needs Chromium or Chrome: install one, or set TEST_CHROMIUM to its path.")
	return ""
}

// listen notes what goes wrong inside the page, such as an exception or a
// refusal of its content security policy.
func (p *page) listen(event any) {
	var fault string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault = e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			fault += " " + x.Description
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			fault = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if fault != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.faults = append(p.faults, fault)
	}
}

// clean fails the test if something went wrong inside the page so far.
func (p *page) clean() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range p.faults {
		p.t.Errorf("the page's console: %s", fault)
	}
}

// act runs steps in the browser; what says what a person is doing.
func (p *page) act(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := within(p.ctx, func(ctx context.Context) error { return chromedp.Do(ctx, steps...) }); err != nil {
		p.fail("%s: %v", what, err)
	}
}

func within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, waitLimit)
	defer cancel()
	return do(ctx)
}

// looking is a script that looks until it sees something true, twice the same
// when that must be at rest. It is a promise and no function of text, which the
// page's content security policy forbids.
const looking = `new Promise((done) => {
  const all = (css, host = document) => [...host.querySelectorAll(css)].filter((el) => el.checkVisibility());
  const hook = (id, host) => all('[data-testid="' + id + '"]', host).at(-1);
  const action = (id, host) => all('[data-testid="action-' + id + '"], [data-testid^="action-' + id + '#"]', host).at(-1);
  const option = (value) => all('[data-testid=option]').find((el) => el.dataset.value === value);
  const messages = (text = '') => all('[data-testid=message]').filter((el) => el.innerText.includes(text));
  const modal = () => hook('modal');
  let before;
  const look = () => {
    const seen = (() => %s)();
    const now = JSON.stringify(seen);
    if (seen && (!%t || now === before)) return done(seen);
    before = now;
    setTimeout(look, 25);
  };
  look();
})`

// watch waits until a JavaScript expression is true and returns its value.
func watch[T any](p *page, expression js, atRest bool) T {
	p.t.Helper()
	var got T
	err := within(p.ctx, func(ctx context.Context) (err error) {
		code := fmt.Sprintf(looking, "{ return "+string(expression)+"; }", atRest)
		got, err = chromedp.Run(ctx, chromedp.Evaluate[T](code, chromedp.EvalAwaitPromise))
		return err
	})
	if err != nil {
		p.fail("never true: %s: %v", expression, err)
	}
	return got
}

// until waits until a JavaScript expression is true.
func (p *page) until(format string, args ...any) {
	p.t.Helper()
	watch[bool](p, "Boolean("+script(format, args...)+")", false)
}

// js is a JavaScript expression, where any other value stands for itself.
type js string

// script puts values into a JavaScript expression.
func script(format string, args ...any) js {
	parts := make([]any, len(args))
	for i, arg := range args {
		if code, ok := arg.(js); ok {
			parts[i] = code
			continue
		}
		parts[i] = strings.TrimSpace(flat(arg)) // JSON is JavaScript
	}
	return js(fmt.Sprintf(format, parts...))
}

// reads waits for an element and returns its text.
func (p *page) reads(format string, args ...any) string {
	p.t.Helper()
	return watch[string](p, "("+script(format, args...)+")?.innerText.trim()", false)
}

// clicks presses an element, given as a JavaScript expression, once it is at
// rest and nothing covers it. What is drawn anew between the press and the
// release of the button was not pressed: the person sees that and presses again.
func (p *page) clicks(format string, args ...any) {
	p.t.Helper()
	element := script(format, args...)
	find := `((el) => {
    if (!el || el.disabled || !el.checkVisibility()) return null;
    el.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const { x, y, width, height } = el.getBoundingClientRect();
    const at = [x + width / 2, y + height / 2];
    const top = document.elementFromPoint(...at);
    if (!top || !(el.contains(top) || top.contains(el) && top.localName === 'label')) return null;
    const same = el.dataset.testid ? '[data-testid="' + el.dataset.testid + '"]' : el.localName;
    removeEventListener('click', window.pressing, true);
    window.pressed = false;
    window.pressing = (e) => { window.pressed ||= Boolean(e.target.closest(same) || e.target.closest('label')); };
    addEventListener('click', window.pressing, true);
    return at;
  })(` + string(element) + `)`
	for pressed := false; !pressed; {
		at := watch[[]float64](p, js(find), true)
		p.act("click "+string(element), chromedp.MouseClickXY(at[0], at[1]))
		pressed = watch[[]bool](p, `[window.pressed !== false]`, false)[0]
	}
}

// types replaces what stands in a field.
func (p *page) types(text, field string, args ...any) {
	p.t.Helper()
	p.clicks(field, args...)
	p.act("type "+text, chromedp.Evaluate[chromedp.Void]("document.activeElement.select()"), insert(text))
}

// insert types text as an input method does.
func insert(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// press presses a key that types nothing.
func press(key string, code int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			e := input.DispatchKeyEventParams{Type: kind, Key: key, Code: key, WindowsVirtualKeyCode: code, NativeVirtualKeyCode: code}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// window gives the page another size.
func (p *page) window(width, height int64) {
	p.t.Helper()
	p.act("resize the window", chromedp.EmulateViewport(width, height))
}

// as acts as another person.
func (p *page) as(user string) {
	p.t.Helper()
	p.clicks(`hook("act-as")`)
	p.clicks(`hook(%s)`, "user-"+user)
	p.until(`location.hash.includes(%s)`, "user="+user)
	p.until(`hook("connection")?.classList.contains("on")`)
}

// opens goes to a channel. While messages arrive the list of channels is drawn
// anew, and a press that begins on one drawing and ends on the next is none.
func (p *page) opens(channel string) {
	p.t.Helper()
	p.until(`location.hash.includes(%s) || (hook(%s)?.click(), false)`, "channel="+channel, "channel-"+channel)
}

// says sends a message or a slash command from where the page is and returns
// the first new message, not one's own, that holds want.
func (p *page) says(text, want string) string {
	p.t.Helper()
	last := p.newest()
	p.sends(text)
	return p.reads(`messages(%s).find((el) => Number(el.dataset.ts) > %s)`, want, last)
}

// sends sends a message or a slash command.
func (p *page) sends(text string) {
	p.t.Helper()
	p.types(text, `hook("composer")`)
	p.act("send", press("Enter", 13))
}

// newest is when the newest message was written that the page shows.
func (p *page) newest() float64 {
	p.t.Helper()
	return watch[[]float64](p, `[Math.max(0, ...messages().map((el) => Number(el.dataset.ts)))]`, true)[0]
}

// fills types values into the form on top by field. A value "what=choice"
// types what into a menu and takes the choice.
func (p *page) fills(values ...[2]string) {
	p.t.Helper()
	for _, v := range values {
		field := script("action(%s, modal())", v[0])
		typed, choice, found := strings.Cut(v[1], "=")
		menu := watch[string](p, field+"?.getAttribute('role') || 'text'", false) == "combobox"
		switch {
		case !menu:
			p.types(v[1], "%s", field)
			continue
		case !found:
			typed, choice = "", v[1]
		}
		if v[0] == "path" { // the menu of the chosen route is still to come
			p.until("hook(%s)", "block-path."+choice[:2])
		}
		p.clicks("%s", field)
		if typed != "" {
			p.act("search "+typed, insert(typed))
		}
		p.clicks("option(%s)", choice)
		p.until("%s.value && !option(%s)", field, choice)
	}
}

// submits presses the button of the form on top.
func (p *page) submits() {
	p.t.Helper()
	p.clicks(`hook("modal-submit")`)
}

// form waits for the form whose title holds want.
func (p *page) form(want string) {
	p.t.Helper()
	p.until(`hook("modal-title")?.innerText.includes(%s)`, want)
	p.untroubled()
}

// formGone waits until no form is open.
func (p *page) formGone() {
	p.t.Helper()
	p.until(`!modal()`)
	p.untroubled()
}

// untroubled fails the test if the page tells of trouble.
func (p *page) untroubled() {
	p.t.Helper()
	if told := watch[[]string](p, `all('[data-testid=notice]').map((el) => el.innerText)`, false); len(told) > 0 {
		p.fail("the page says %q", told)
	}
}

// error returns the text at a field.
func (p *page) error(field string) string {
	p.t.Helper()
	return p.reads(`hook(%s)`, "error-"+field)
}

// shows is a step that is done: it leaves a picture when pictures are asked for.
func (p *page) shows(name string) {
	p.t.Helper()
	if f := flag.Lookup("test.artifacts"); f == nil || f.Value.String() != "true" {
		return
	}
	p.shots++
	p.save(filepath.Join(p.t.ArtifactDir(), fmt.Sprintf("%02d-%s.png", p.shots, name)), p.picture())
}

// picture is what the page shows, as a small PNG.
func (p *page) picture() []byte {
	p.t.Helper()
	var shot []byte
	err := within(p.ctx, func(ctx context.Context) (err error) {
		shot, err = chromedp.Run(ctx, chromedp.CaptureScreenshot())
		return err
	})
	if err != nil {
		p.t.Errorf("take a picture: %v", err)
		return nil
	}
	drawn, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		p.t.Errorf("read the picture: %v", err)
		return nil
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, drawn); err != nil || small.Len() > len(shot) {
		return shot
	}
	return small.Bytes()
}

func (p *page) save(path string, data []byte) {
	p.t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		p.t.Errorf("save the picture: %v", err)
	}
}

// fail ends the test with a picture, which outlives it, and the visible text.
func (p *page) fail(format string, args ...any) {
	p.t.Helper()
	dir, err := os.MkdirTemp("", "mouhua-browser-")
	if err != nil {
		p.t.Fatalf(format+" (no place for a picture: %v)", append(args, err)...)
	}
	shot := filepath.Join(dir, "failed.png")
	p.save(shot, p.picture())
	var text string
	_ = within(p.ctx, func(ctx context.Context) (err error) {
		text, err = chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
		return err
	})
	p.clean()
	p.t.Fatalf(format+"\npicture: %s\nthe page says:\n%s", append(args, shot, text)...)
}
