import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/**
 * What the JSON schemas of the OCI image specification 1.1 (opencontainers/image-spec, `schema/*.json`, Apache-2.0) demand,
 * restated: every required field, type, pattern and limit of them. Unknown fields are allowed, as they are there.
 */
const definitions = {
  digest: { type: 'string', pattern: '^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$' },
  mediaType: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$',
  },
  annotations: { type: 'object', additionalProperties: { type: 'string' } },
  strings: { type: ['array', 'null'], items: { type: 'string' } },
  objects: { type: ['object', 'null'], additionalProperties: { type: 'object' } },
  descriptor: {
    type: 'object',
    required: ['mediaType', 'digest', 'size'],
    properties: {
      mediaType: { $ref: '#/$defs/mediaType' },
      digest: { $ref: '#/$defs/digest' },
      size: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      urls: { type: 'array', items: { type: 'string' } },
      data: { type: 'string' },
      artifactType: { $ref: '#/$defs/mediaType' },
      annotations: { $ref: '#/$defs/annotations' },
    },
  },
  platform: {
    type: 'object',
    required: ['architecture', 'os'],
    properties: {
      architecture: { type: 'string' },
      os: { type: 'string' },
      variant: { type: 'string' },
      'os.version': { type: 'string' },
      'os.features': { type: 'array', items: { type: 'string' } },
    },
  },
}

const layout = {
  type: 'object',
  required: ['imageLayoutVersion'],
  properties: { imageLayoutVersion: { enum: ['1.0.0'] } },
}

const index = {
  type: 'object',
  required: ['schemaVersion', 'manifests'],
  properties: {
    schemaVersion: { type: 'integer', minimum: 2, maximum: 2 },
    mediaType: { $ref: '#/$defs/mediaType' },
    artifactType: { $ref: '#/$defs/mediaType' },
    subject: { $ref: '#/$defs/descriptor' },
    manifests: {
      type: 'array',
      items: {
        allOf: [
          { $ref: '#/$defs/descriptor' },
          { type: 'object', properties: { platform: { $ref: '#/$defs/platform' } } },
        ],
      },
    },
    annotations: { $ref: '#/$defs/annotations' },
  },
}

const manifest = {
  type: 'object',
  required: ['schemaVersion', 'config', 'layers'],
  properties: {
    schemaVersion: { type: 'integer', minimum: 2, maximum: 2 },
    mediaType: { $ref: '#/$defs/mediaType' },
    artifactType: { $ref: '#/$defs/mediaType' },
    config: { $ref: '#/$defs/descriptor' },
    subject: { $ref: '#/$defs/descriptor' },
    layers: { type: 'array', minItems: 1, items: { $ref: '#/$defs/descriptor' } },
    annotations: { $ref: '#/$defs/annotations' },
  },
}

const config = {
  type: 'object',
  required: ['architecture', 'os', 'rootfs'],
  properties: {
    created: { type: 'string', format: 'date-time' },
    author: { type: 'string' },
    architecture: { type: 'string' },
    variant: { type: 'string' },
    os: { type: 'string' },
    'os.version': { type: 'string' },
    'os.features': { type: 'array', items: { type: 'string' } },
    config: {
      type: 'object',
      properties: {
        User: { type: 'string' },
        ExposedPorts: { $ref: '#/$defs/objects' },
        Env: { $ref: '#/$defs/strings' },
        Entrypoint: { $ref: '#/$defs/strings' },
        Cmd: { $ref: '#/$defs/strings' },
        Volumes: { $ref: '#/$defs/objects' },
        WorkingDir: { type: 'string' },
        Labels: { type: ['object', 'null'], additionalProperties: { type: 'string' } },
        StopSignal: { type: 'string' },
        ArgsEscaped: { type: 'boolean' },
      },
    },
    rootfs: {
      type: 'object',
      required: ['diff_ids', 'type'],
      properties: {
        diff_ids: { type: 'array', items: { $ref: '#/$defs/digest' } },
        type: { enum: ['layers'] },
      },
    },
    history: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          created: { type: 'string', format: 'date-time' },
          author: { type: 'string' },
          created_by: { type: 'string' },
          comment: { type: 'string' },
          empty_layer: { type: 'boolean' },
        },
      },
    },
  },
}

export const ociSchemas = { layout, index, manifest, config } as const

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addFormat('date-time', (text: string) => dateTime.test(text) && !Number.isNaN(Date.parse(text)))
const validators = new Map<keyof typeof ociSchemas, ValidateFunction>()

/** What is wrong with a document; empty when it is as its schema says. */
export function ociErrors(kind: keyof typeof ociSchemas, document: unknown): readonly string[] {
  const validate = validators.get(kind) ?? ajv.compile({ ...ociSchemas[kind], $defs: definitions })
  validators.set(kind, validate)
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
