"""A guest book: what suites are tried on. Where it is told to, it does what apps should not do."""
import http.server
import json
import sys
import threading
import time
import urllib.parse

HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Guest book</title>'

BOOK = HEAD + '''
<style>body { font: 16px sans-serif; margin: 16px; color: #111; background: #fff } #colour { width: 200px; height: 100px; background: COLOUR } .tip { display: none } #help:hover + .tip { display: block }</style>
<main><h1>Guest book</h1>
<form id="form"><label>Your name <input id="name" autocomplete="off"></label> <label>Mood <select id="mood"><option value="g">glad</option><option value="s">sad</option></select></label>
<button>Sign</button></form>
<p role="status" id="status">Nobody has signed.</p><ul id="list"></ul>
<button id="help" type="button">Help</button><p class="tip">Write your name.</p>
<p><a href="/about?from=book">About</a></p>
<div id="colour" data-testid="colour" title="a colour"></div>
<p hidden id="secret">nobody sees this</p>
<div style="height: 1500px"></div><p id="end">The end.</p></main>
<script>
  document.getElementById('form').addEventListener('submit', async event => {
    event.preventDefault();
    const name = document.getElementById('name').value + (document.getElementById('mood').value === 's' ? ' (sad)' : '');
    await fetch('/api/guests', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) });
    const item = document.createElement('li');
    item.textContent = name;
    document.getElementById('list').append(item);
    document.getElementById('status').textContent = 'Signed by ' + document.querySelectorAll('#list li').length;
    document.getElementById('name').value = '';
  });
</script></html>'''

PAGES = {
    '/about': HEAD.replace('Guest book', 'About') + '<main><h1>About</h1><p>A book for guests.</p></main></html>',
    '/poor': HEAD + '<main><h1>Poor</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><p style="color: #bbb; background: #fff">Hardly to be read</p></main></html>',
    '/noisy': HEAD + '<main><h1>Noisy</h1></main><script>console.error("it hurts"); console.log("never mind"); fetch("/missing"); setTimeout(() => { throw new Error("thrown") }, 0); setTimeout(() => document.title = "done", 300)</script></html>',
    '/loop': HEAD + '<main><h1>Loop</h1><button>Go</button></main><script>setTimeout(() => { while (true) {} }, 300)</script></html>',
    '/hostile': HEAD + '<main><h1>Hostile</h1><button>One</button><button>Two</button><script>alert("boo"); window.open("/about"); document.title = "\\u202e</title><script>alert(1)</scr" + "ipt>\\u0000"; for (let i = 0; i < 2000; i++) console.log("line " + i)</script></main></html>',
    '/redirected': None,
}

state = {'guests': [], 'colour': '#0a7', 'requests': 0}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, body, status=200, kind='text/html; charset=utf-8', headers=()):
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(data)

    def json(self, value, status=200, headers=()):
        self.answer(json.dumps(value), status, 'application/json', headers)

    def body(self):
        return self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == '/':
            self.answer(BOOK.replace('COLOUR', state['colour']))
        elif url.path == '/health':
            self.json({'status': 'ok'})
        elif url.path == '/api/guests':
            self.json({'guests': state['guests'], 'count': len(state['guests']), 'me': {'admin': False, 'rank': None}})
        elif url.path == '/whoami':
            self.json({'host': self.headers['Host'], 'agent': self.headers.get('User-Agent'), 'mark': self.headers.get('X-Mark'), 'cookie': self.headers.get('Cookie')}, headers=[('Set-Cookie', 'seen=yes; Path=/')])
        elif url.path == '/text':
            self.answer('Hello\nWorld\x1b[31m \u202eevil\n', kind='text/plain; charset=utf-8')
        elif url.path == '/twice':
            self.answer('{"a": 1, "a": 2}', kind='application/json')
        elif url.path == '/redirected':
            self.answer('', 302, headers=[('Location', '/about')])
        elif url.path == '/broken':
            self.answer('out of order', 500, 'text/plain')
        elif url.path == '/endless':
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b'x' * 65536)
            except OSError:
                self.close_connection = True
        elif url.path == '/slow':
            time.sleep(30)
            self.answer('at last')
        elif url.path in PAGES:
            self.answer(PAGES[url.path])
        else:
            self.answer('nothing here', 404, 'text/plain')

    do_HEAD = do_GET

    def do_POST(self):
        body = self.body()
        if self.path == '/api/guests':
            guest = {'id': len(state['guests']) + 1, 'name': json.loads(body)['name']}
            state['guests'].append(guest)
            self.json(guest, 201, [('Location', '/api/guests/%d' % guest['id'])])
        elif self.path == '/form':
            self.json({'kind': self.headers['Content-Type'], 'fields': urllib.parse.parse_qs(body)})
        elif self.path == '/echo':
            self.answer(body, kind='text/plain; charset=utf-8')
        elif self.path == '/colour':
            state['colour'] = body
            self.json({'colour': body})
        else:
            self.answer('nothing here', 404, 'text/plain')

    def do_DELETE(self):
        state['guests'].clear()
        self.answer('', 204)

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


if len(sys.argv) > 2:
    print('it does not like ' + sys.argv[2], file=sys.stderr)
    sys.exit(3)

Server(('0.0.0.0', int(sys.argv[1])), Handler).serve_forever()
