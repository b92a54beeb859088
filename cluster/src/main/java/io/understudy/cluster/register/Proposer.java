package io.understudy.cluster.register;

import io.understudy.core.node.NodeName;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Who proposes: one life of one member, as {@code NODE/RANDOM}. A member that restarts is another
 * proposer, for it may have forgotten what it proposed under an epoch, and two values under one
 * (epoch, revision) would break the register.
 */
final class Proposer {

    private Proposer() {}

    static String of(NodeName node) {
        byte[] life = new byte[8];
        new SecureRandom().nextBytes(life);
        return node + "/" + HexFormat.of().formatHex(life);
    }

    static boolean isOf(NodeName node, String proposer) {
        return proposer.startsWith(node + "/");
    }
}
