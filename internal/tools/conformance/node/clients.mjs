// The official clients, each as a function call(action, parameters) that resolves to the response with the
// names of the API, or rejects with {status, code, data}.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const ecs = require('@alicloud/ecs20140526');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const PopCore = require('@alicloud/pop-core');

const lower = name => name[0].toLowerCase() + name.slice(1);

// typed is @alicloud/ecs20140526, which signs with ACS3, or with version 1.0 if v2 is set.
function typed(endpoint, keys, signatureAlgorithm) {
  const url = new URL(endpoint);
  const client = new ecs.default(new $OpenApiUtil.Config({
    ...keys, signatureAlgorithm, endpoint: url.host, protocol: url.protocol.slice(0, -1), regionId: 'cn-hangzhou',
  }));
  return async (action, parameters) => {
    const fields = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [lower(name), value]));
    const Tag = ecs[action + 'RequestTag'];
    fields.tag = fields.tag?.map(({ Key, Value }) => new Tag({ key: Key, value: Value }));
    try {
      return (await client[lower(action)](new ecs[action + 'Request'](fields))).body.toMap();
    } catch (e) {
      throw { status: e.statusCode, code: e.code, data: e.data, error: e };
    }
  };
}

// generic is @alicloud/pop-core, which signs with version 1.0.
function generic(endpoint, keys, method, apiVersion = '2014-05-26') {
  const client = new PopCore({ ...keys, endpoint, apiVersion, opts: { method } });
  return async (action, parameters) => {
    try {
      return JSON.parse(JSON.stringify(await client.request(action, parameters))); // the objects have no prototype
    } catch (e) {
      throw { status: e.entry?.response.statusCode, code: e.code, data: e.data, error: e };
    }
  };
}

// clientsOf returns all clients, with the same keys.
export function clientsOf(endpoint, keys) {
  return {
    'ecs20140526, ACS3': typed(endpoint, keys),
    'ecs20140526, signature 1.0': typed(endpoint, keys, 'v2'),
    'pop-core, GET': generic(endpoint, keys, 'GET'),
    'pop-core, POST': generic(endpoint, keys, 'POST'),
  };
}

export const stsOf = (endpoint, keys) => generic(endpoint, keys, 'GET', '2015-04-01');
