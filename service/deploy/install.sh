#!/bin/sh
# Install gongkai from this bundle on a machine without a network. Run as root in the unpacked bundle; Python 3.11.
set -eu
cd "$(dirname "$0")"
sha256sum --check --quiet SHA256SUMS || { echo "安装包不完整或被改动，请重新获取。" >&2; exit 1; }
prefix=${PREFIX:-/opt/gongkai}
${PYTHON:-python3} -m venv "$prefix"
"$prefix/bin/pip" install --quiet --no-index --find-links wheels --require-hashes -r requirements.lock
"$prefix/bin/pip" install --quiet --no-index --no-deps wheels/gongkai-*.whl
cp README.zh-CN.md "$prefix/"
if [ "$(id -u)" -eq 0 ] && [ "$prefix" = /opt/gongkai ]; then
  id gongkai >/dev/null 2>&1 || useradd --system --home-dir /var/lib/gongkai --shell /usr/sbin/nologin gongkai
  install -d -m 0750 -o root -g gongkai /etc/gongkai
  [ -e /etc/gongkai/gongkai.env ] || install -m 0640 -o root -g gongkai gongkai.env /etc/gongkai/gongkai.env
  [ -e /etc/gongkai/key ] || (umask 0377 && head -c 32 /dev/urandom | base64 > /etc/gongkai/key && chown gongkai /etc/gongkai/key)
  install -m 0644 gongkai.service /etc/systemd/system/gongkai.service
  echo "已安装。检查 /etc/gongkai/gongkai.env 后运行：systemctl daemon-reload && systemctl enable --now gongkai"
else
  echo "已安装到 $prefix。运行 $prefix/bin/gongkai serve 启动。"
fi
