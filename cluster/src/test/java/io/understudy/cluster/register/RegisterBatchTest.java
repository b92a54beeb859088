package io.understudy.cluster.register;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterBatchTest {

    @Test
    void writesGoAloneAndReadsTogetherInTheirOrder() {
        List<RegisterBatch.Item> items = new ArrayList<>();
        List<String> operations = new ArrayList<>(List.of("write", "read", "read", "promise"));
        for (int i = 0; i < 130; i++) {
            operations.add("read");
        }
        operations.add("write");
        for (String operation : operations) {
            RegisterCall call = new RegisterCall("key-" + items.size(), 1, 1, null, null);
            items.add(new RegisterBatch.Item(operation, call));
        }
        List<List<RegisterBatch.Item>> parts = new RegisterBatch(items).parts();
        assertEquals(List.of(1, 2, 1, 64, 64, 2, 1), parts.stream().map(List::size).toList());
        assertEquals(items, parts.stream().flatMap(List::stream).toList());
        assertEquals(List.of(), new RegisterBatch(List.of()).parts());
    }
}
