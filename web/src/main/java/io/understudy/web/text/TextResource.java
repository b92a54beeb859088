package io.understudy.web.text;

import io.understudy.web.security.OpenToAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;

/** The texts of the status page; open, because the page that asks for the token needs them. */
@Path("texts")
@RequestScoped
public class TextResource {

    /** Returns the texts in the language chosen, else in the browser's, else in English. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @OpenToAll
    @SecurityRequirements
    @Operation(summary = "The texts of the status page")
    public TextsView texts(
            @Parameter(description = "A language tag; left out: as Accept-Language says")
                    @QueryParam("language")
                    String wanted,
            @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) String accepted) {
        String language = Texts.choose(wanted, accepted);
        return new TextsView(
                language,
                Texts.LANGUAGES.stream()
                        .map(tag -> new TextsView.Choice(tag, Texts.of(tag).get("language.name")))
                        .toList(),
                Texts.of(language));
    }
}
