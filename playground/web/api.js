// Calls to the workspace's server, and its stream of events.

let user = '';

/** actAs names the person on whose behalf every later call is made. */
export function actAs(id) {
  user = id;
}

async function call(path, body) {
  const init = body === undefined ? {} : {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, ...body }),
  };
  const answer = await fetch(`/ui/${path}`, init);
  const text = await answer.text();
  let data = null;
  try {
    data = JSON.parse(text);
  } catch {
    // Not JSON: the status decides below.
  }
  if (!answer.ok) throw new Error(data?.error || text.trim() || `HTTP ${answer.status}`);
  return data ?? {};
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

const query = (params) => new URLSearchParams(Object.entries(params).filter(([, v]) => v)).toString();

export const api = {
  state: (as = user) => call(`state?${query({ user: as })}`),
  messages: async (channel, thread_ts) => (await call(`messages?${query({ user, channel, thread_ts })}`)).messages ?? [],
  say: (channel, thread_ts, text) => call('message', { channel, thread_ts, text }),
  upload: async (file, channel = '', thread_ts = '') => call('upload', { channel, thread_ts, name: file.name, data: await base64(file) }),
  fileURL: (id) => `/ui/file?${query({ user, id })}`,
  action: (body) => call('action', body),
  submit: (view_id, values) => call('view/submit', { view_id, values }),
  keepState: (view_id, values) => call('view/state', { view_id, values }),
  closeView: (view_id, all) => call('view/close', { view_id, all }),
  suggest: (body) => call('suggest', body),
  openHome: () => call('home', {}),
  assistant: (body) => call('assistant', body),
  read: (channel) => call('read', { channel }),
  clock: (body) => call('clock', body),
  fault: (body) => call('fault', body),
  flip: (name, on) => call('switch', { name, on }),
  manage: (channel, action) => call('channel', { channel, action }),
  remove: (channel, ts) => call('delete', { channel, ts }),
};

/**
 * listen opens the person's events. onOpen runs at each (re)connection, so that
 * what was missed can be fetched; onLost when the connection breaks. Returns
 * the function that stops listening.
 */
export function listen({ onOpen, onEvent, onLost }) {
  let source;
  let timer;
  let stopped = false;
  const connect = () => {
    source = new EventSource(`/ui/events?${query({ user })}`);
    source.onopen = onOpen;
    source.onmessage = (e) => onEvent(JSON.parse(e.data));
    source.onerror = () => {
      if (stopped) return;
      onLost();
      // The browser reconnects by itself unless the server refused.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, 1500);
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
