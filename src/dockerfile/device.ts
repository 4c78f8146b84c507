import { suggestion } from './suggest.ts'

export type DeviceFlag = { readonly name: string; readonly required: boolean }

/** The value of `RUN --device`: `NAME[,required]` or `name=NAME,required=BOOL`. @returns a text when it is none */
export function parseDeviceFlag(value: string): DeviceFlag | string {
  let name = ''
  let required = false
  for (const field of value.split(',')) {
    const equals = field.indexOf('=')
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
    const text = equals < 0 ? null : field.slice(equals + 1)
    if (key === 'required' && text === null) required = true
    else if (key === 'required') {
      if (!/^(?:1|t|true|0|f|false)$/i.test(text ?? ''))
        return `invalid value for required: ${text}`
      required = /^(?:1|t|true)$/i.test(text ?? '')
    } else if (key === 'name' && text !== null) {
      if (name !== '') return `device name already set to ${name}`
      name = text
      // A CDI name has an equals sign of its own.
    } else if (name === '') name = field
    else if (text === null) return `invalid field '${field}' must be a key=value pair`
    else return `unexpected key '${key}' in '${field}'${suggestion(key, ['name', 'required'])}`
  }
  return { name, required }
}
