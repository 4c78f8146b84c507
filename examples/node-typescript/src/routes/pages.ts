import { Router } from 'express'

/** The pages that templates in views/ draw. */
export function pages(version: string): Router {
  const router = Router()
  router.get('/', (_request, response) => {
    response.render('index', { version })
  })
  return router
}
