package io.understudy.ejb.recovery;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;

/** Writes an optional as its value or null, without another library for it. */
@SuppressWarnings("rawtypes")
final class OptionalText extends StdSerializer<Optional> {

    private static final long serialVersionUID = 1L;

    OptionalText() {
        super(Optional.class);
    }

    @Override
    public void serialize(Optional value, JsonGenerator out, SerializerProvider provider)
            throws IOException {
        if (value.isPresent()) {
            out.writePOJO(value.get());
        } else {
            out.writeNull();
        }
    }
}
