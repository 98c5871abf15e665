# The steps of `.ci/run`, for people: `just`, `just lint`, `just tests` …

# Everything a change must pass
ci:
    .ci/run

# The lock file fits the manifests
lock:
    .ci/run lock

# Formatting, checked; `cargo fmt --all` does it
format:
    .ci/run format

# Clippy, warnings are errors
lint:
    .ci/run lint

# The facade with each feature alone
features:
    .ci/run features

# All tests
tests:
    .ci/run tests

# The documentation, warnings are errors
docs:
    .ci/run docs

# Every example
examples:
    .ci/run examples

# The benchmarks, linted and run in small
benches:
    .ci/run benches

# Licences, sources and advisories of the dependencies; needs cargo-deny
deny:
    cargo deny check

# A benchmark: `just bench commit`, `just bench page --quick`; benches/README.md says what it does, and how `memory` is run
bench *command:
    cargo run --release --manifest-path benches/Cargo.toml -- {{command}}

# Every harness with new seeds, over and over, for so many minutes: `just soak`, `just soak 60`
soak *minutes:
    .ci/soak {{minutes}}
