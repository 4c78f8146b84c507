import { expect, test } from 'vitest'
import { formatRow } from './index.ts'

const row = {
  Name: '/two',
  State: { Status: 'exited', Running: false, ExitCode: 3, Nothing: undefined },
  Config: {
    Cmd: ['sh', '-c', 'echo hi > /x'],
    Env: ['PATH=/usr/bin', 'A=b'],
    Labels: { tier: 'db', 'a.b': '1' },
    Volumes: { '/data': {} },
  },
  Mounts: [{ Destination: '/data' }],
}

/** Beside each template what `docker inspect --format` of Docker 20.10 prints for a container with these values. */
test.each([
  ['{{.Name}}', '/two'],
  ['{{.State.Status}} {{.State.Running}} {{.State.ExitCode}}', 'exited false 3'],
  ['{{range .Config.Env}}{{println .}}{{end}}', 'PATH=/usr/bin\nA=b\n'],
  ['{{range $i, $e := .Config.Env}}{{$i}}={{$e}};{{end}}', '0=PATH=/usr/bin;1=A=b;'],
  ['{{range $k, $v := .Config.Labels}}{{$k}}:{{$v}} {{end}}', 'a.b:1 tier:db '],
  ['{{json .Config.Cmd}}', '["sh","-c","echo hi > /x"]'],
  ['{{.Config.Cmd}} {{len .Config.Cmd}}', '[sh -c echo hi > /x] 3'],
  ['{{index .Config.Cmd 0}} {{index .Config.Labels "tier"}}', 'sh db'],
  ['{{(index .Mounts 0).Destination}}', '/data'],
  ['{{if .State.Running}}up{{else}}down{{end}}', 'down'],
  ['{{if eq .State.ExitCode 3}}three{{else if gt .State.ExitCode 3}}more{{end}}', 'three'],
  ['{{if eq .State.ExitCode 1}}one{{else if gt .State.ExitCode 1}}more{{else}}0{{end}}', 'more'],
  ['{{with .Config.Labels}}{{.tier}}{{else}}none{{end}}', 'db'],
  [
    '{{join .Config.Cmd ","}}|{{upper .State.Status}}|{{.State.Status | title}}',
    'sh,-c,echo hi > /x|EXITED|Exited',
  ],
  ['{{split .Name "/"}}', '[ two]'],
  ['{{printf "%-8s|%5d|%q" .State.Status .State.ExitCode .Name}}', 'exited  |    3|"/two"'],
  ['a  {{- .Name -}}  x', 'a/twox'],
  ['{{$n := .Name}}{{range .Mounts}}{{$n}} {{.Destination}}{{end}}', '/two /data'],
  ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
  [
    '{{not .State.Running}} {{and .State.Running .Name}} {{or .State.Running .Name}}',
    'true false /two',
  ],
  ['{{.Config.Labels}} {{json .Config.Volumes}}', 'map[a.b:1 tier:db] {"/data":{}}'],
  ['{{/* nothing */}}a{{"x\\ty"}}{{`raw`}}', 'ax\tyraw'],
  ['{{ne .Name "x"}} {{lt 1 2}} {{le 2 2}} {{ge 1 2}}', 'true true true false'],
  ['{{truncate .Name 3}}|{{pad "x" 1 2}}|{{slice .Name 1 3}}', '/tw| x  |tw'],
  ['{{print 1 2 "a" "b"}}', '1 2ab'],
  ['{{range .Config.Cmd}}{{.}} {{end}}{{$.Name}}', 'sh -c echo hi > /x /two'],
  ['{{"}}"}}', '}}'],
])('%s', (template, shown) => {
  expect(formatRow(template, row)).toBe(shown)
})

test('JSON, and an optional field that is not there', () => {
  expect(JSON.parse(formatRow('json', row))).toEqual(JSON.parse(JSON.stringify(row)))
  expect(formatRow('{{.State.Nothing}}{{.Config.Healthcheck}}', row)).toBe('')
})

test.each([
  ['{{.Nothing}}', /the fields are Name, State/],
  ['{{.Name', /not closed/],
  ['{{if .Name}}x', /needs an \{\{end\}\}/],
  ['x{{end}}', /closes nothing/],
  ['{{index .Config.Cmd 9}}', /out of range/],
  ['{{nofunc .Name}}', /no function nofunc/],
  ['{{.Name "x"}}', /given arguments/],
  ['{{$x}}', /no variable \$x/],
  ['{{template "x"}}', /no function template/],
  ['{{printf "%z" .Name}}', /%z/],
  ['{{range .Name}}{{end}}', /list or a map/],
  ['{{.Name.First}}', /no field First/],
])('%s is refused with its reason', (template, reason) => {
  expect(() => formatRow(template, row)).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: expect.stringMatching(reason) }),
  )
})
