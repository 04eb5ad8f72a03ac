// The plain sign-in page. Texts are only ever set as text; the token leaves the address bar before anything is sent.

/** @typedef {{ name: string, email: string, has_password: boolean }} User */

const token = new URLSearchParams(location.search).get('token');
if (token) history.replaceState(null, '', '/sign-in');

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

/**
 * @param {string} text
 * @param {'news' | 'fault'} [kind]
 */
function say(text, kind = 'news') {
  const status = element('status');
  status.dataset.kind = kind;
  status.textContent = text;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<{ user: User }>}
 */
async function send(method, path, body) {
  const json =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const reply = await fetch(path, { method, ...json });
  const text = await reply.text();
  const answer = /** @type {{ user: User, detail?: string }} */ (text === '' ? {} : JSON.parse(text));
  if (!reply.ok) throw new Error(answer.detail ?? 'That did not work.');
  return answer;
}

/** @param {User} user */
function show(user) {
  element('by-link').hidden = true;
  element('by-password').hidden = true;
  element('signed-in').hidden = false;
  element('set-password').hidden = user.has_password;
  document.title = 'Signed in to WFM';
  element('title').textContent = 'You are signed in';
  say(`as ${user.name} (${user.email}).`);
  element('title').focus();
}

/**
 * @param {string} id
 * @param {(form: FormData) => Promise<void>} act
 */
function onSubmit(id, act) {
  const form = /** @type {HTMLFormElement} */ (element(id));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    if (button) button.disabled = true;
    act(new FormData(form))
      .catch((/** @type {unknown} */ error) =>
        say(error instanceof Error ? error.message : 'That did not work.', 'fault'),
      )
      .finally(() => {
        if (button) button.disabled = false;
      });
  });
}

onSubmit('by-link', async () => {
  try {
    show((await send('POST', '/auth/login', { one_time_token: token })).user);
  } catch (error) {
    element('by-link').hidden = true;
    element('by-password').hidden = false;
    throw error;
  }
});
onSubmit('by-password', async (form) => {
  show((await send('POST', '/auth/login', { email: form.get('email'), password: form.get('password') })).user);
});
onSubmit('set-password', async (form) => {
  show((await send('POST', '/auth/password', { new_password: form.get('new_password') })).user);
  say('Your password is set.');
});
onSubmit('sign-out', async () => {
  await send('POST', '/auth/logout');
  location.reload();
});

if (token) {
  element('by-link').hidden = false;
} else {
  send('GET', '/auth/me')
    .then(({ user }) => show(user))
    .catch(() => {
      element('by-password').hidden = false;
    });
}
