"use strict";

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const nameOf = (reference) => reference.split("/").pop();

function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return `list of ${typeOf(schema.items || {})}`;
  return [schema.type, schema.format].filter(Boolean).join(" ") || "any";
}

function limitsOf(schema) {
  const words = { minimum: "≥", maximum: "≤", maxLength: "length ≤", maxItems: "items ≤", default: "default" };
  return Object.entries(words).filter(([key]) => schema[key] !== undefined && schema[key] !== "").map(([key, word]) => `${word} ${JSON.stringify(schema[key])}`).join(", ");
}

function row(name, schema, required, description) {
  const cells = [element("code", { textContent: name }), typeOf(schema), [required ? "required" : "", limitsOf(schema)].filter(Boolean).join(", "), description || ""];
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}

function fields(schema) {
  const rows = Object.entries(schema.properties || {}).map(([name, field]) => row(name, field, (schema.required || []).includes(name), field.description));
  return element("table", {}, ...rows);
}

function section(title, ...content) {
  return [element("h2", { textContent: title }), ...content];
}

function operationItem(method, path, operation, schemas) {
  const item = element(
    "details",
    {},
    element("summary", {}, element("span", { className: "method", textContent: method.toUpperCase() }), element("code", { textContent: path }), ` ${operation.summary}`),
  );
  const body = element("div", { className: "body" });
  if (operation.parameters) {
    body.append(...section("Parameters", element("table", {}, ...operation.parameters.map((given) => row(given.name, given.schema, given.required, given.description)))));
  }
  if (operation.requestBody) {
    const reference = operation.requestBody.content["application/json"].schema.$ref;
    body.append(...section("Request body", fields(schemas[nameOf(reference)])));
  }
  const answers = Object.entries(operation.responses).map(([status, answer]) => {
    const content = Object.entries(answer.content || {}).map(([media, { schema }]) => `${typeOf(schema)} (${media})`).join(", ");
    return element("tr", {}, element("td", { textContent: status }), element("td", { textContent: answer.description }), element("td", { textContent: content }));
  });
  body.append(...section("Answers", element("table", {}, ...answers)));
  item.append(body);
  return item;
}

async function show() {
  const place = document.getElementById("operations");
  const answer = await fetch("/api/v1/openapi.json");
  const described = await answer.json();
  const schemas = described.components.schemas;
  const groups = new Map();
  for (const [path, methods] of Object.entries(described.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0];
      groups.set(tag, [...(groups.get(tag) || []), operationItem(method, path, operation, schemas)]);
    }
  }
  const models = Object.entries(schemas).map(([name, schema]) =>
    element("details", {}, element("summary", {}, element("code", { textContent: name })), element("div", { className: "body" }, schema.enum ? schema.enum.join(" | ") : fields(schema))),
  );
  place.replaceChildren(...[...groups].flatMap(([tag, items]) => section(tag, ...items)), ...section("Models", ...models));
}

show().catch((error) => {
  document.getElementById("operations").textContent = error.message;
});
