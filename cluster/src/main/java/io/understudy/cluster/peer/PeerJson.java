package io.understudy.cluster.peer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.util.function.Function;

/**
 * The JSON that members speak and keep. Unlike the files that operators write, unknown members are
 * passed over: during a rolling upgrade the newer member may say more than the older one knows.
 */
public final class PeerJson {

    private static final ObjectMapper MAPPER =
            new ObjectMapper()
                    .registerModule(values())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private PeerJson() {}

    /**
     * Reads a value; an empty text gives null.
     *
     * @throws IOException if the text is not JSON of that form
     */
    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        return json.length == 0 ? null : MAPPER.readValue(json, type);
    }

    /** Writes a value; null gives an empty text. */
    public static byte[] write(Object value) {
        if (value == null) {
            return new byte[0];
        }
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    value.getClass() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static SimpleModule values() {
        SimpleModule module = new SimpleModule("understudy-values");
        text(module, NodeName.class, NodeName::value, NodeName::of);
        text(module, InstanceName.class, InstanceName::value, InstanceName::of);
        module.addSerializer(
                Epoch.class,
                new JsonSerializer<>() {
                    @Override
                    public void serialize(Epoch value, JsonGenerator out, SerializerProvider all)
                            throws IOException {
                        out.writeNumber(value.value());
                    }
                });
        module.addDeserializer(
                Epoch.class,
                new JsonDeserializer<>() {
                    @Override
                    public Epoch deserialize(JsonParser in, DeserializationContext context)
                            throws IOException {
                        return new Epoch(in.getLongValue());
                    }
                });
        return module;
    }

    private static <T> void text(
            SimpleModule module,
            Class<T> type,
            Function<T, String> write,
            Function<String, T> read) {
        module.addSerializer(
                type,
                new JsonSerializer<>() {
                    @Override
                    public void serialize(T value, JsonGenerator out, SerializerProvider all)
                            throws IOException {
                        out.writeString(write.apply(value));
                    }
                });
        module.addDeserializer(
                type,
                new JsonDeserializer<>() {
                    @Override
                    public T deserialize(JsonParser in, DeserializationContext context)
                            throws IOException {
                        try {
                            return read.apply(in.getValueAsString());
                        } catch (IllegalArgumentException | NullPointerException e) {
                            throw context.weirdStringException(
                                    String.valueOf(in.getText()), type, e.getMessage());
                        }
                    }
                });
    }
}
