package io.understudy.cluster.witness;

import com.hazelcast.internal.serialization.impl.defaultserializers.JavaDefaultSerializers.JavaSerializer;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;

/**
 * Speaks what Payara's global serialiser speaks, so that a plain member can live in a cluster with
 * Payara's: type id 1, the id of the Jakarta EE component first (none here), then the object, each
 * by Java serialisation. Without it a plain member ends itself at the first exception that a Payara
 * member sends. Source: {@code fish.payara.nucleus.hazelcast.PayaraHazelcastSerializer} of Payara
 * Micro 6.2025.10.
 */
final class PayaraSerializer implements StreamSerializer<Object> {

    private static final int TYPE_ID = 1;

    private final StreamSerializer<Object> delegate = new JavaSerializer(true, false, null);

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public void write(ObjectDataOutput out, Object object) throws IOException {
        delegate.write(out, null);
        delegate.write(out, object);
    }

    @Override
    public Object read(ObjectDataInput in) throws IOException {
        delegate.read(in);
        return delegate.read(in);
    }
}
