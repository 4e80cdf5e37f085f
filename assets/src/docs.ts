// The page of the API: the description, drawn by Swagger UI. It loads nothing from elsewhere and keeps no key.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');

/** Swagger UI is dark where <html> has this class. */
function followTheme(): void {
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  root.classList.toggle('dark-mode', dark);
}

followTheme();
system.addEventListener('change', followTheme);
new MutationObserver(followTheme).observe(root, { attributeFilter: ['data-theme'] });

const place = document.querySelector<HTMLElement>('#api-docs');
if (place) {
  SwaggerUI({
    url: place.dataset.url,
    domNode: place,
    deepLinking: true,
    docExpansion: 'none',
    defaultModelsExpandDepth: 0,
    filter: true,
    persistAuthorization: false,
    showCommonExtensions: true,
    validatorUrl: null,
  });
}
