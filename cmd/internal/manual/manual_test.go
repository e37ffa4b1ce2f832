package manual_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pylint-docker/pylint-docker/cmd/internal/cli"
	"github.com/pylint-docker/pylint-docker/cmd/internal/manual"
)

var day = time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC)

func page(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var b strings.Builder
	if err := manual.Page(&b, cmd, "1.2.3", day); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What roff would read as a request, an escape or a hyphen is text on a page.
func TestPage(t *testing.T) {
	root := &cobra.Command{Use: "tool"}
	cmd := &cobra.Command{
		Use: "do-it [FILE...]", Short: "Do it", Long: "First.\n\n.Second \\n 'third'\n\n" + strings.Repeat("word ", 30) + ".end",
		Example: "  tool do-it `x`\n  .dot", Run: func(*cobra.Command, []string) {},
	}
	cmd.Flags().StringP("size", "s", "1", "the `SIZE`, a \"number\"")
	cmd.Flags().Bool("all", false, ".everything")
	cmd.Flags().Bool("secret", false, "not shown")
	_ = cmd.Flags().MarkHidden("secret")
	root.AddCommand(cmd)
	want := `.TH "TOOL\-DO\-IT" "1" "2026-11-23" "pylint\-docker 1.2.3" "User Commands"
.ad l
.nh
.SH "NAME"
tool\-do\-it \- do it
.SH "SYNOPSIS"
.B tool do\-it
[\fIoptions\fR] [FILE...]
.SH "DESCRIPTION"
First.
.PP
\&.Second \en \(aqthird\(aq
.PP
word word word word word word word word word word word word word word word
word word word word word word word word word word word word word word word
\&.end
.SH "EXAMPLES"
.nf
tool do\-it \(gax\(ga
\&.dot
.fi
.SH "OPTIONS"
.TP
\fB\-\-all\fR
\&.everything.
.TP
\fB\-s\fR, \fB\-\-size\fR \fISIZE\fR
The SIZE, a "number" (default 1).
.SH "SEE ALSO"
.BR tool (1),
https://github.com/pylint\-docker/pylint\-docker
`
	if diff := cmp.Diff(want, page(t, cmd)); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

// Every command that help lists has a page, every flag is on it, and twice the same text comes out.
func TestCommands(t *testing.T) {
	again := manual.Commands(cli.Command())
	for i, cmd := range manual.Commands(cli.Command()) {
		text := page(t, cmd)
		if text != page(t, again[i]) {
			t.Errorf("%s: two texts", manual.Name(cmd))
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if on := strings.Contains(text, `\fB\-\-`+strings.ReplaceAll(f.Name, "-", `\-`)+`\fR`); on == f.Hidden {
				t.Errorf("%s: --%s is on the page: %v", manual.Name(cmd), f.Name, on)
			}
		})
		for line := range strings.Lines(text) {
			if request := strings.Fields(line + " x")[0]; strings.HasPrefix(request, ".") && !strings.Contains(" .TH .SH .TP .PP .B .BR .I .nf .fi .br .ad .nh ", " "+request+" ") {
				t.Errorf("%s: unknown request in %q", manual.Name(cmd), line)
			}
		}
	}
	if len(again) < 7 {
		t.Errorf("%d pages", len(again))
	}
}
