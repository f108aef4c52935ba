// The control API: how the page looks at the sandbox and acts in it.

/** The sandbox said no; the message is its reason. */
export class Refused extends Error {}

async function call(verb, path, body, headers) {
  const answer = await fetch(path, { method: verb, body, headers, cache: "no-store" });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.error ?? `HTTP ${answer.status}`);
  return found;
}

const JSON_TYPE = { "Content-Type": "application/json" };

export const look = (path) => call("GET", path);
export const send = (verb, path, body) => call(verb, path, JSON.stringify(body), JSON_TYPE);

/** Act as a person: `{acked, ack_ms, response, error?}`, or what the act answers. */
export const act = (name, body) => send("POST", `/control/slack/${name}`, body);

export function upload(user, file) {
  const form = new FormData();
  form.append("user", user);
  form.append("file", file, file.name);
  return call("POST", "/control/slack/upload", form);
}

/** What a person is told when the app did not answer as it should. */
export function trouble(outcome) {
  switch (outcome.error) {
    case undefined:
    case "client_refused":
      return null;
    case "dispatch_failed":
      return "It failed: no app is connected (dispatch_failed).";
    case "operation_timeout":
      return "It failed: the app did not answer within 3 seconds (operation_timeout).";
    case "invalid_response":
      return "We had some trouble connecting: the app's answer cannot be used (invalid_response).";
    default:
      return `Slack refused the app's answer: ${outcome.error}.`;
  }
}
