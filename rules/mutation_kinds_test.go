package rules_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

const (
	isError   = analyzer.Error
	isWarning = analyzer.Warning
)

// mutationKinds are the defects that TestMutations plants: the codes any of which says it, the severity that it has at least.
var mutationKinds = slices.Concat(copyKinds, variableKinds, interpreterKinds, startKinds, userKinds, installKinds)

var copyKinds = []mutationKind{
	{"copy-source-typo", "PLD105 PLD113 PLD605 PLD607", isError, func(s style) []mutant {
		return s.copies(func(c stageCopy) string {
			source := strings.TrimSuffix(c.source, "/")
			return c.with(source+source[len(source)-1:], c.destination)
		})
	}},
	{"copy-source-elsewhere", "PLD105 PLD509 PLD605 PLD607", isError, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string { return c.with("/elsewhere", c.destination) })
	}},
	{"copy-source-inside", "PLD105 PLD509 PLD605 PLD607", isError, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if !s.isDirectory(c) {
				return ""
			}
			return c.with(strings.TrimSuffix(c.source, "/")+"/site-packages", c.destination)
		})
	}},
	{"mount-source-typo", "PLD105 PLD209 PLD309 PLD310", isError, func(s style) []mutant {
		return s.replaced("", `(?s)(type=bind,.*?source=)([\w/.]+)`, "${1}${2}x")
	}},
	{"copy-destination", "PLD103 PLD104 PLD105 PLD109 PLD113 PLD117 PLD122 PLD128 PLD129 PLD509 PLD607", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if strings.HasSuffix(c.destination, "/wheels") || s.unused(c) {
				return ""
			}
			return c.with(c.source, "/srv/elsewhere")
		})
	}},
	{"copy-nested", "PLD103 PLD104 PLD105 PLD109 PLD113 PLD117 PLD122 PLD128 PLD129 PLD509 PLD607", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if s.unused(c) {
				return ""
			}
			return c.with(c.source, strings.TrimSuffix(c.destination, "/")+"/nested")
		})
	}},
	{"copy-missing", "PLD104 PLD113 PLD117 PLD120 PLD128 PLD509 PLD607", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if s.unused(c) {
				return ""
			}
			return "-"
		})
	}},
	{"bin-onto-parent", "PLD104 PLD105 PLD109 PLD113 PLD117 PLD128 PLD509", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if s.layout() == "target" || !s.isDirectory(c) {
				return ""
			}
			return c.with(strings.TrimSuffix(c.source, "/")+"/bin", c.destination)
		})
	}},
	{"bin-not-copied", "PLD104 PLD109 PLD113 PLD128 PLD509", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if s.layout() == "target" || !s.needsBin() {
				return ""
			}
			if strings.Contains(c.destination, "/bin") {
				return "-"
			}
			if !s.isDirectory(c) {
				return ""
			}
			return c.with(strings.TrimSuffix(c.source, "/")+"/lib", strings.TrimSuffix(c.destination, "/")+"/lib")
		})
	}},
	{"lib-not-copied", "PLD104 PLD105 PLD113 PLD117 PLD128 PLD509", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			if s.layout() == "target" {
				return ""
			}
			if strings.Contains(c.destination, "/lib") {
				return "-"
			}
			if !s.isDirectory(c) {
				return ""
			}
			return c.with(strings.TrimSuffix(c.source, "/")+"/bin", strings.TrimSuffix(c.destination, "/")+"/bin")
		})
	}},
	{"root-copied", "PLD121", isWarning, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string { return c.with("/", "/") })
	}},
	{"cache-copied", "PLD105 PLD121", isWarning, func(s style) []mutant {
		if s.layout() == "conda" || s.name == "userbase-home" {
			return nil
		}
		all := s.atEnd("COPY --from=" + s.builder() + " /root/.cache /root/.cache")
		for i := range all {
			all[i].dockerfile = strings.NewReplacer(" --no-cache-dir", "", " --no-cache", "", "--mount=type=cache,target=/root/.cache/uv ", "",
				"--mount=type=cache,target=/root/.cache/pip ", "").Replace(all[i].dockerfile)
		}
		return all
	}},
	{"stage-typo", "PLD130", isError, func(s style) []mutant {
		return s.copies(func(c stageCopy) string { return c.head + c.from + "r" + c.flags + c.source + " " + c.destination })
	}},
	{"copy-from-itself", "PLD130", isError, func(s style) []mutant {
		return s.copies(func(c stageCopy) string {
			if !c.final {
				return ""
			}
			return strings.Replace(c.text, "--from="+c.from, "--from="+s.lastStage(), 1)
		})
	}},
	{"copy-from-later", "PLD130", isError, func(s style) []mutant {
		return s.before(false, installRun, "COPY --from="+s.lastStage()+" /etc/hostname /tmp/hostname")
	}},
	{"stage-case", "PLD130", isError, func(s style) []mutant {
		return s.each(func(in instruction) string {
			m := stageName.FindStringSubmatch(in.text)
			if m == nil || !slices.Contains(s.stageNames(), m[1]) {
				return ""
			}
			return strings.Replace(in.text, m[1], strings.ToUpper(m[1][:1])+m[1][1:], 1)
		})
	}},
	{"unused-builder", "PLD120", isWarning, func(s style) []mutant {
		return s.replaced("final", `^FROM .*`, "FROM python:3.12-slim-bookworm AS deps\n"+
			"RUN pip install --no-cache-dir --target=/deps packaging==24.2\n\n$0")
	}},
}

var variableKinds = []mutationKind{
	{"userbase-missing", "PLD103", isError, func(s style) []mutant {
		if s.shared() {
			return s.whole("ENV PYTHONUSERBASE=/pyroot\n", "", "AS builder\n", "AS builder\nENV PYTHONUSERBASE=/pyroot\n")
		}
		return s.replaced("final", `^ENV PYTHONUSERBASE.*`, "-")
	}},
	{"userbase-other", "PLD103", isError, func(s style) []mutant {
		if s.shared() {
			return nil
		}
		return s.replaced("final", `^ENV PYTHONUSERBASE=.*`, "ENV PYTHONUSERBASE=/packages")
	}},
	{"userbase-not-in-builder", "PLD102 PLD105", isWarning, func(s style) []mutant {
		if s.shared() {
			return nil
		}
		return s.replaced("builder", `^ENV PYTHONUSERBASE.*`, "-")
	}},
	{"path-missing", "PLD104 PLD128 PLD509", isWarning, func(s style) []mutant {
		if !s.needsPath() || s.shared() {
			return nil
		}
		return s.replaced("final", `^ENV PATH=.*`, "-")
	}},
	{"path-other", "PLD104 PLD128 PLD509", isWarning, func(s style) []mutant {
		if !s.needsPath() {
			return nil
		}
		return s.whole("ENV PATH=$PATH:"+s.environment, "ENV PATH=$PATH:/opt/other",
			"ENV PATH="+s.environment, "ENV PATH=/opt/other", `ENV PATH="`+s.environment, `ENV PATH="/opt/other`)
	}},
	{"pythonpath-missing", "PLD117 PLD128 PLD129 PLD509", isError, func(s style) []mutant {
		return s.replaced("final", `^ENV PYTHONPATH.*`, "-")
	}},
	{"pythonpath-other", "PLD117 PLD128 PLD129 PLD509", isError, func(s style) []mutant {
		return s.replaced("final", `^ENV PYTHONPATH.*`, "ENV PYTHONPATH=/packages")
	}},
	{"no-user-site", "PLD118", isError, func(s style) []mutant {
		if s.layout() != "user" {
			return nil
		}
		return s.atEnd("ENV PYTHONNOUSERSITE=1")
	}},
	{"user-install-in-venv", "PLD118 PLD602", isError, func(s style) []mutant {
		if s.layout() != "venv" || !strings.Contains(s.dockerfile, " venv ") {
			return nil
		}
		return s.replaced("builder", `pip install --no-cache-dir (-r|\.)`, "pip install --user --no-cache-dir $1")
	}},
	{"undefined-variable", "PLD105 PLD517", isError, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string { return c.with("$PACKAGES/lib", "/usr/local/lib") })
	}},
}

var interpreterKinds = []mutationKind{
	{"older-python-in-image", "PLD107 PLD109", isError, func(s style) []mutant {
		if s.anyMinor() {
			return nil
		}
		return append(s.replaced("final", `^(FROM python:)3\.12`, "${1}3.11"), s.replaced("final", `python-312`, "python-311")...)
	}},
	{"newer-python-in-builder", "PLD107 PLD109", isError, func(s style) []mutant {
		if s.anyMinor() || strings.Contains(s.dockerfile, "FROM base") {
			return nil
		}
		return s.builders(strings.NewReplacer("FROM python:3.12-", "FROM python:3.13-", "-python3.12-", "-python3.13-"))
	}},
	{"debian-python-in-image", "PLD107 PLD109 PLD117 PLD128 PLD129 PLD509 PLD512", isError, func(s style) []mutant {
		if s.anyMinor() {
			return nil
		}
		return s.replaced("final", `^FROM python:\S+`, "FROM debian:12-slim\nRUN apt-get update && "+
			"apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*\nWORKDIR /")
	}},
	{"debian-python-in-builder", "PLD105 PLD107 PLD109 PLD123 PLD208 PLD512", isError, func(s style) []mutant {
		if s.anyMinor() || s.tool() != "" || strings.Contains(s.dockerfile, "FROM base") {
			return nil
		}
		return s.replaced("builder", `^FROM python:3.12-\S+ AS (builder|build|compile-image)$`, "FROM debian:12 AS $1\n"+
			"RUN apt-get update && apt-get install -y --no-install-recommends python3-venv python3-pip python-is-python3")
	}},
	{"no-python-in-image", "PLD107 PLD109 PLD117 PLD509 PLD512", isError, func(s style) []mutant {
		return s.replaced("final", `^FROM python:\S+`, "FROM debian:12-slim")
	}},
	{"alpine-in-image", "PLD108 PLD109", isWarning, func(s style) []mutant { return s.compiled("FROM python:3.12-alpine3.21") }},
	{"venv-moved", "PLD122", analyzer.Info, func(s style) []mutant {
		if s.layout() != "venv" {
			return nil
		}
		return s.moved()
	}},
}

var startKinds = []mutationKind{
	{"start-file-absent", "PLD509 PLD513", isError, func(s style) []mutant { return s.startingWith("python", "/srv/absent.py") }},
	{"start-module-absent", "PLD509", isError, func(s style) []mutant { return s.startingWith("python", "-m", "uvicorn", "app:app") }},
	{"start-path-absent", "PLD509", isError, func(s style) []mutant { return s.startingProgram("/opt/other/bin/gunicorn") }},
	{"start-not-installed", "PLD509", isError, func(s style) []mutant { return s.startingProgram("uvicorn") }},
	{"start-typo", "PLD509", isError, func(s style) []mutant {
		return s.startingProgram(strings.NewReplacer("unicorn", "unicron", "svc", "svcc", "python", "pythno", "start.sh", "strat.sh").Replace(s.program()))
	}},
	{"application-missing", "PLD509", isError, func(s style) []mutant {
		if _, argv := s.start(); !strings.HasSuffix(strings.Join(argv, " "), "main.py") && s.name != "start-script" {
			return nil
		}
		return s.replaced("final", `^COPY .*(main\.py|start\.sh).*`, "-")
	}},
	{"environment-unused", "PLD104 PLD117 PLD128", isWarning, func(s style) []mutant {
		if s.layout() != "venv" || s.files["main.py"] == "" {
			return nil
		}
		if s.interpreter() == "" {
			return nil
		}
		return s.startingWith(s.interpreter(), "main.py")
	}},
	{"tool-not-there", "PLD509 PLD512", isError, func(s style) []mutant {
		if s.tool() == "" || s.files["main.py"] == "" {
			return nil
		}
		return s.startingWith(s.tool(), "run", "python", "main.py")
	}},
	{"application-module", "PLD509", isError, func(s style) []mutant { return s.replaced("final", `"app:app"`, `"server:app"`) }},
	{"application-elsewhere", "PLD509", isError, func(s style) []mutant {
		if _, argv := s.start(); !slices.Contains(argv, "app:app") {
			return nil
		}
		return s.before(true, regexp.MustCompile(`^(CMD|ENTRYPOINT)`), "WORKDIR /elsewhere")
	}},
	{"start-shell-form", "PLD506", isWarning, func(s style) []mutant {
		keyword, argv := s.start()
		if s.name == "venv-slim" {
			return nil // its CMD would be lost: another defect
		}
		return s.replaced("final", `^`+keyword+` .*`, keyword+" "+strings.Join(argv, " "))
	}},
	{"start-malformed", "PLD515", isError, func(s style) []mutant {
		return s.each(func(in instruction) string {
			if !strings.HasPrefix(in.text, "CMD [") {
				return ""
			}
			return strings.ReplaceAll(in.text, `"`, `'`)
		})
	}},
	{"start-script-broken", "PLD513", isError, func(s style) []mutant {
		script := s.files["start.sh"]
		if script == "" {
			return nil
		}
		crlf := mutant{"start.sh has CRLF", s.dockerfile, map[string]string{"start.sh": strings.ReplaceAll(script, "\n", "\r\n")}}
		shell := mutant{"start.sh wants zsh", s.dockerfile, map[string]string{"start.sh": strings.Replace(script, "/bin/sh", "/bin/zsh", 1)}}
		return append(s.whole("--chmod=755 ", "--chmod=644 "), crlf, shell)
	}},
	{"health-check-script", "PLD512", isWarning, func(s style) []mutant { return s.atEnd(`HEALTHCHECK CMD ["python", "/app/health.py"]`) }},
	{"health-check-program", "PLD512", isWarning, func(s style) []mutant {
		if !strings.Contains(s.lastBase(), "slim") {
			return nil
		}
		return s.atEnd("HEALTHCHECK CMD curl --fail http://localhost:8000/")
	}},
}

var userKinds = []mutationKind{
	{"user-unknown", "PLD510", isError, func(s style) []mutant { return s.replaced("final", `^USER .*`, "USER appuser") }},
	{"user-not-created", "PLD510", isError, func(s style) []mutant {
		return s.each(func(in instruction) string {
			if !regexp.MustCompile(`^RUN .*(useradd|adduser)`).MatchString(in.text) {
				return ""
			}
			if strings.HasPrefix(in.text, "RUN apk") {
				return "RUN apk add --no-cache libpq"
			}
			return "-"
		})
	}},
	{"chown-unknown", "PLD510", isWarning, func(s style) []mutant {
		return s.each(func(in instruction) string {
			if !in.final || !copyAny.MatchString(in.text) || strings.Contains(in.text, "--chown") {
				return ""
			}
			return strings.Replace(in.text, "COPY ", "COPY --chown=appuser:appuser ", 1)
		})
	}},
	{"home-unreadable", "PLD103 PLD106", isError, func(s style) []mutant {
		if !strings.Contains(s.dockerfile, "\nUSER 1000") || !strings.HasPrefix(s.environment, "/opt") && s.environment != "/pyroot" {
			return nil
		}
		return s.whole("ENV PYTHONUSERBASE=/pyroot\n", "", s.environment, "/root/.local")
	}},
	{"root", "PLD501", isWarning, func(s style) []mutant {
		if strings.Contains(s.lastBase(), "nonroot") || strings.Contains(s.lastBase(), "redhat") {
			return nil
		}
		return s.replaced("final", `^USER .*`, "-")
	}},
	{"owner-changed-later", "PLD410", isWarning, func(s style) []mutant {
		if strings.Contains(s.lastBase(), "distroless") || s.environment == "/usr/local" {
			return nil
		}
		return s.atEnd("RUN chown -R nobody " + s.environment)
	}},
	{"packages-as-user", "PLD520", isError, func(s style) []mutant {
		return append(s.before(true, aptInstall, "USER 1000"), s.before(false, aptInstall, "USER 1000")...)
	}},
	{"unwritable", "PLD520", isError, func(s style) []mutant {
		if strings.Contains(s.dockerfile, "AS build\n"+"COPY requirements.txt .\nUSER app") || s.layout() == "conda" {
			return nil
		}
		return s.before(false, installRun, "USER 1000")
	}},
}

var aptInstall = regexp.MustCompile(`^RUN apt-get update && apt-get install`)
