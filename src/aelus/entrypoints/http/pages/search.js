"use strict";

const api = "/api/v1";
const KEY = "aelus-key"; // kept as long as this tab is open
const counted = (number, word, words) => `${number.toLocaleString()} ${number === 1 ? word : words}`;
const byId = (id) => document.getElementById(id);

function say(text) {
  byId("status").className = "";
  byId("status").textContent = text;
}

function refuse(error) {
  say(error.message);
  byId("status").className = "refused";
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function ask(path, body) {
  const key = sessionStorage.getItem(KEY);
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(api + path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  const answer = await response.json();
  if (response.status === 401) askForKey(key);
  if (!response.ok) {
    const fields = (answer.errors || []).map((error) => `${error.loc.join(".")} ${error.msg}`);
    throw new Error([answer.detail, ...fields].join(" "));
  }
  return answer;
}

function showSignedIn(signedIn) {
  byId("sign-in").hidden = signedIn;
  byId("search").hidden = byId("hint").hidden = !signedIn;
  byId("sign-out").hidden = !sessionStorage.getItem(KEY);
}

function askForKey(refused) {
  sessionStorage.removeItem(KEY);
  showSignedIn(false);
  byId("results").replaceChildren();
  byId("key").focus();
  if (!refused) throw new Error("This service asks for an API key. It is kept until this tab is closed.");
}

// Lines beyond the passage's last are an outline of what follows, and have no number.
function numbered(text, first, last) {
  const lines = text.replace(/\n$/, "").split("\n");
  const number = (index) => (first + index <= last ? first + index : "\u00a0");
  return element("pre", {}, ...lines.flatMap((line, index) => [element("span", { className: "number", textContent: number(index) }), line + "\n"]));
}

function callItem(call) {
  const kind = call.edge.kind === "CALLS" ? "" : ` ${call.edge.kind.toLowerCase()}`;
  const site = ` ${call.edge.path}:${call.edge.line}${kind}`;
  return element("li", {}, call.node.qualified_name || call.node.name, element("span", { className: "quiet", textContent: site }));
}

async function showCalls(hit, direction, place) {
  try {
    const answer = await ask(`/nodes/${hit.node_id}/${direction}?limit=50`);
    const items = answer.calls.map(callItem);
    const more = answer.truncated ? [element("li", { className: "quiet", textContent: "and more" })] : [];
    const none = items.length ? [] : [element("li", { className: "quiet", textContent: `no ${direction} found` })];
    place.replaceChildren(...items, ...more, ...none);
  } catch (error) {
    place.replaceChildren(element("li", { textContent: error.message }));
  }
}

function hitItem(hit) {
  const item = element(
    "li",
    { className: "hit" },
    element(
      "div",
      { className: "head" },
      element("strong", { textContent: hit.qualified_name || hit.path }),
      element("span", { className: "where", textContent: `${hit.repository}  ${hit.path}:${hit.start_line}` }),
      element("span", { className: "why", textContent: `${hit.kind} · ${hit.why.join(" + ")}` }),
    ),
    numbered(hit.snippet, hit.start_line, hit.end_line),
  );
  if (hit.node_id) {
    const calls = element("ul", { className: "calls" });
    const button = (direction) => element("button", { type: "button", textContent: direction, onclick: () => showCalls(hit, direction, calls) });
    item.append(element("div", { className: "actions" }, button("callers"), button("callees")), calls);
  }
  return item;
}

async function search(query) {
  const repository = byId("repository").value;
  say("Searching…");
  const started = performance.now();
  try {
    const answer = await ask("/retrieve/search", { query, top_k: 20, repository_ids: repository ? [repository] : [] });
    const took = Math.round(performance.now() - started);
    const passages = `${counted(answer.results.length, "passage", "passages")} in ${took} ms`;
    say([answer.note, answer.results.length || !answer.note ? passages : ""].filter(Boolean).join(" "));
    byId("results").replaceChildren(...answer.results.map(hitItem));
  } catch (error) {
    refuse(error);
    byId("results").replaceChildren();
  }
}

async function showTotals() {
  try {
    const stats = await ask("/stats");
    const { lines, files } = stats.totals;
    const repositories = counted(stats.repositories.length, "repository", "repositories");
    byId("totals").textContent = `${repositories}, ${counted(files, "file", "files")}, ${counted(lines, "line", "lines")} ·`;
    const options = stats.repositories.map((found) => element("option", { value: found.id, textContent: found.name }));
    byId("repository").replaceChildren(element("option", { value: "", textContent: "all repositories" }), ...options);
    if (!stats.repositories.length) say("Nothing is indexed yet: `aelus index PATH` begins.");
    return true;
  } catch (error) {
    byId("totals").textContent = "";
    refuse(error);
    return false;
  }
}

function searchAddress() {
  const query = new URLSearchParams(location.search).get("q") || "";
  byId("query").value = query;
  if (query.trim()) search(query);
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const query = byId("query").value;
  if (!query.trim()) return;
  history.pushState(null, "", `?q=${encodeURIComponent(query)}`);
  search(query);
});
byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, byId("key").value.trim());
  byId("key").value = "";
  say("");
  begin();
});
byId("sign-out").addEventListener("click", () => {
  sessionStorage.removeItem(KEY);
  location.assign("/");
});
window.addEventListener("popstate", searchAddress);

async function begin() {
  showSignedIn(true);
  if (await showTotals()) searchAddress();
}

begin();
