const tides = [
  { port: 'Brest', high: '06:12' },
  { port: 'Cork', high: '07:48' },
]

export default function Page() {
  return (
    <main>
      <h1>High tide</h1>
      <ul>
        {tides.map(({ port, high }) => (
          <li key={port}>
            {port}: {high}
          </li>
        ))}
      </ul>
    </main>
  )
}
