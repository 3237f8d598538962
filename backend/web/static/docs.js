// Starts the reference page on our own description of the API.
SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#reference", deepLinking: true });
