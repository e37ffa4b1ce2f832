package llb

// allowed says of each rule what its fixes may change besides the ignore file and other files of the build context: settings of the image by
// name, operations by kind ("source", "run", "file"), parts of a run ("run user", "run env NAME", "run mount DIR"), as in
// matches. It is what the Fix section of the rule's page speaks of. Of an unsafe fix only settings need to be named here.
var allowed = map[string][]string{
	"PLD003": {"run"},
	// The conversion to several stages: what is installed is found by environment variables afterwards, and what a tool ran is started by itself.
	"PLD101": {"env PATH", "env PYTHONUSERBASE", "env VIRTUAL_ENV", "env UV_SYSTEM_PYTHON: 1 -> $", toolRuns("cmd"), toolRuns("entrypoint"), toolRuns("healthcheck"), scriptMoves("cmd"), scriptMoves("entrypoint")},
	"PLD102": {"env PATH", "env PYTHONUSERBASE"},               // one user base for builder and image
	"PLD103": {"env PYTHONUSERBASE", "run env PYTHONUSERBASE"}, // sets PYTHONUSERBASE in the runtime stage
	"PLD104": {"env PATH: /bin", "run env PATH: /bin"},         // puts the directory on PATH
	"PLD105": {"file: ^copy "},                                 // corrects the path in the COPY
	"PLD106": {"env PATH", "env PYTHONUSERBASE"},
	"PLD110": {"run: -> nothing$", "file: -> nothing$"}, // what stages repeat is done once
	"PLD113": {"file: ^nothing -> copy .*/bin/"},        // adds a COPY of the script
	"PLD118": {"run: --user"},                           // drops --user
	"PLD122": {"cmd", "entrypoint", "env PATH", "healthcheck"},
	"PLD123": {"file: ^copy .* -> copy .*/local"}, // copies PREFIX/local
	"PLD124": {"env PATH", "env VIRTUAL_ENV"},     // the environment's directory goes onto PATH instead of an activation
	// the COPY becomes a bind mount of the RUN that installs; a rm of what was copied goes with it.
	"PLD125": {"file: ^copy .* -> nothing$", "run mount *: ^ -> BIND ", "run: rm -r", "run: wheel"},
	"PLD126": {"file: ^nothing -> copy "},                            // copies the directories
	"PLD128": {"env PATH: /bin:"},                                    // the environment's programs in front of PATH
	"PLD129": {"env PYTHONPATH:  -> /", "run env PYTHONPATH:  -> /"}, // names the directory of --target
	"PLD205": {"run: --no-cache", "file: mkfile.* --no-cache"},       // pip's option, or uv's, also in the script of a heredoc
	"PLD208": {"env PATH", "env VIRTUAL_ENV"},
	// mounts the cache where the tool keeps it, for its owner; "drops the option".
	"PLD210": {"run mount *: CACHE", "run: --no-cache", "file: mkdir"},
	"PLD214": {"run: sudo"},
	"PLD217": {"run: [\"']"},          // quotes the requirement
	"PLD223": {"run: && .*--no-deps"}, // a command of its own for what has no hashes
	"PLD402": {"run: apt|apk|dnf|yum|zypper", "run mount *: CACHE"},
	"PLD405": {"run: rm -r"},                                                                                                    // deletes the command
	"PLD412": {"run: -> .*(-y|--assume-yes|--noconfirm|--non-interactive)"},                                                     // adds -y
	"PLD501": {"user", "cmd: -> .*--no-sync", "entrypoint: -> .*--no-sync"},                                                     // `uv run` can't sync as another user
	"PLD506": {"cmd: ^\\[\"/bin/sh\"|^\\[\"/bin/bash\"|^\\[\"sh\"", "entrypoint: ^\\[\"/bin/sh\"|^\\[\"/bin/bash\"|^\\[\"sh\""}, // the exec form
	"PLD507": {"env PYTHONUNBUFFERED:  -> 1$", "run env PYTHONUNBUFFERED:  -> 1$"},
	// the words in the exec form.
	"PLD513": {"file: ^copy "}, // the script with a mode
	"PLD515": {"cmd: \\[", "entrypoint: \\[", "healthcheck: \\[", "run: \\["},
	"PLD516": {"cmd: -> .*0\\.0\\.0\\.0", "entrypoint: -> .*0\\.0\\.0\\.0"},    // listens on every address
	"PLD519": {"env HF_HOME", "env PLAYWRIGHT_BROWSERS_PATH", "env NLTK_DATA"}, // a directory that every user can read
	"PLD602": {"run: poetry|pipenv"},
	"PLD603": {"cmd: -> .*--no-dev", "entrypoint: -> .*--no-dev"}, // the start's `uv run` would install them again
	"PLD606": {"env UV_LINK_MODE:  -> copy$", "run env UV_LINK_MODE:  -> copy$"},
	"PLD608": {"cmd", "entrypoint"}, // what the tool would run is started itself
	"PLD609": {"run: clean (-afy|-tipy|--all)|rm -rf"},
}

// toolRuns is a setting that began with a tool that runs something in its environment.
func toolRuns(setting string) string {
	return setting + `: ^\[?"?(CMD" ")?(uv|poetry|pipenv|pdm)"? "?run\b`
}

// scriptMoves is a setting that named a script of the packages by its path, and names it in the virtual environment now.
func scriptMoves(setting string) string {
	return setting + `: ^\["/usr/(local/)?bin/[^"]+".* -> \["/opt/venv/bin/[^"]+"`
}
