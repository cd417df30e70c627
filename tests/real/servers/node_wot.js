/**
 * A house of two Things, served by node-wot with BASIC sign-in: what `node_wot.py` starts.
 *
 *   NODE_PATH=<node_modules> node node_wot.js PORT USERNAME PASSWORD
 *
 * A line of JSON on standard input, `{"thing": "hallway-heating", "property": "temperature", "value": 19}`,
 * changes what the house measures: that which no client can write. When standard input ends, so
 * does the server: whoever started it has gone.
 */

const readline = require("node:readline");
const { Servient } = require("@node-wot/core");
const { HttpServer } = require("@node-wot/binding-http");

const [port, username, password] = process.argv.slice(2);
const FADE_STEP_MS = 100;
const STANDBY_WATT = 0.4;
const FULL_WATT = 9;

const security = {
  securityDefinitions: { basic_sc: { scheme: "basic", in: "header" } },
  security: "basic_sc",
};

const lampModel = {
  ...security,
  "@type": "Light",
  id: "urn:dev:wot:living-room-lamp",
  title: "Living Room Lamp",
  description: "A dimmable lamp with white tones",
  version: { instance: "1.0.3", model: "1.0.0" },
  properties: {
    on: { title: "On", type: "boolean", observable: true },
    brightness: {
      title: "Brightness",
      type: "integer",
      unit: "percent",
      minimum: 0,
      maximum: 100,
      observable: true,
    },
    colorTemperature: {
      title: "Colour temperature",
      type: "integer",
      unit: "kelvin",
      minimum: 2200,
      maximum: 6500,
      observable: true,
    },
    power: { title: "Power", type: "number", unit: "watt", readOnly: true, observable: true },
  },
  actions: {
    toggle: { title: "Toggle", output: { type: "boolean" } },
    fade: {
      title: "Fade",
      input: {
        type: "object",
        properties: {
          brightness: { type: "integer", minimum: 0, maximum: 100 },
          seconds: { type: "number", minimum: 0 },
        },
        required: ["brightness"],
      },
    },
  },
  events: { fadeEnded: { data: { type: "integer" } } },
};

const climateModel = {
  ...security,
  "@type": "Thermostat",
  id: "urn:dev:wot:hallway-heating",
  title: "Hallway Heating",
  properties: {
    temperature: { type: "number", unit: "degree celsius", readOnly: true, observable: true },
    humidity: { type: "number", unit: "percent", readOnly: true, observable: true },
    targetTemperature: {
      type: "number",
      unit: "degree celsius",
      minimum: 5,
      maximum: 30,
      observable: true,
    },
    mode: { type: "string", enum: ["off", "heat", "auto"], observable: true },
  },
};

/** Refuse, as a real device does, what the Thing Description does not allow. */
function checked(name, schema, value) {
  const types = { boolean: "boolean", integer: "number", number: "number", string: "string" };
  if (typeof value !== types[schema.type]) throw new Error(`${name} must be of type ${schema.type}`);
  if (schema.type === "integer" && !Number.isInteger(value)) throw new Error(`${name} must be whole`);
  if (value < schema.minimum || value > schema.maximum) {
    throw new Error(`${name} must be between ${schema.minimum} and ${schema.maximum}`);
  }
  if (schema.enum && !schema.enum.includes(value)) {
    throw new Error(`${name} must be one of ${schema.enum.join(", ")}`);
  }
  return value;
}

/** Give every property of `thing` its value in `state`; `changed(name)` runs after each write. */
function serve(thing, model, state, changed) {
  for (const [name, schema] of Object.entries(model.properties)) {
    thing.setPropertyReadHandler(name, async () => state[name]);
    if (schema.readOnly) continue;
    thing.setPropertyWriteHandler(name, async (input) => {
      state[name] = checked(name, schema, await input.value());
      thing.emitPropertyChange(name);
      changed(name);
    });
  }
}

async function exposeLamp(wot) {
  const lamp = await wot.produce(lampModel);
  const state = { on: false, brightness: 60, colorTemperature: 2700, power: STANDBY_WATT };
  let fading;

  const changed = () => {
    state.power = state.on ? (FULL_WATT * state.brightness) / 100 : STANDBY_WATT;
    lamp.emitPropertyChange("power");
  };
  const set = (name, value) => {
    state[name] = value;
    lamp.emitPropertyChange(name);
    changed();
  };
  serve(lamp, lampModel, state, (name) => {
    if (name === "brightness") clearInterval(fading);
    changed();
  });

  lamp.setActionHandler("toggle", async () => {
    set("on", !state.on);
    return state.on;
  });
  lamp.setActionHandler("fade", async (input) => {
    const { brightness, seconds = 1 } = await input.value();
    const goal = checked("brightness", lampModel.properties.brightness, brightness);
    const steps = Math.max(1, Math.round((seconds * 1000) / FADE_STEP_MS));
    const start = state.brightness;
    let step = 0;
    clearInterval(fading);
    fading = setInterval(() => {
      step += 1;
      set("brightness", Math.round(start + ((goal - start) * step) / steps));
      if (step >= steps) {
        clearInterval(fading);
        lamp.emitEvent("fadeEnded", goal);
      }
    }, FADE_STEP_MS);
    return undefined;
  });
  await lamp.expose();
  return set;
}

async function exposeHeating(wot) {
  const heating = await wot.produce(climateModel);
  const state = { temperature: 18.5, humidity: 47, targetTemperature: 20, mode: "off" };
  serve(heating, climateModel, state, () => {});
  await heating.expose();
  return (name, value) => {
    state[name] = value;
    heating.emitPropertyChange(name);
  };
}

async function main() {
  const servient = new Servient();
  servient.addServer(
    new HttpServer({
      port: Number(port),
      address: "127.0.0.1",
      baseUri: `http://127.0.0.1:${port}`,
      security: [{ scheme: "basic" }],
    }),
  );
  servient.addCredentials(
    Object.fromEntries([lampModel.id, climateModel.id].map((id) => [id, { username, password }])),
  );
  const wot = await servient.start();
  const measure = {
    "living-room-lamp": await exposeLamp(wot),
    "hallway-heating": await exposeHeating(wot),
  };
  const told = readline.createInterface({ input: process.stdin });
  told.on("line", (line) => {
    const { thing, property, value } = JSON.parse(line);
    measure[thing](property, value);
  });
  told.on("close", () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
