package io.understudy.ejb.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.address.WireReport;
import io.understudy.core.config.VirtualAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardAnswersTest {

    @Test
    void aReportIsWholeWhereverItWasCut() {
        WireReport report =
                new WireReport(
                        List.of(
                                new WireReport.Rival(
                                        VirtualAddress.parse("10.77.0.100/24 dev eth0")
                                                .orElseThrow(),
                                        "02:00:00:00:00:01",
                                        true,
                                        5)),
                        "");
        byte[] bytes = (String.join("\n", report.lines()) + "\n").getBytes(UTF_8);
        for (int cut = 0; cut < bytes.length; cut++) {
            GuardAnswers answers = new GuardAnswers();
            answers.take(ByteBuffer.wrap(bytes, 0, cut));
            assertEquals(WireReport.NOTHING, answers.last());
            answers.take(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
            assertEquals(report, answers.last());
            answers.take(ByteBuffer.wrap("end\n".getBytes(UTF_8)));
            assertEquals(WireReport.NOTHING, answers.last());
        }
    }
}
