package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;

/**
 * A user account of this host under which a child runs instead of root.
 *
 * @param user the account's name
 * @param group its group's name
 */
public record Account(String user, String group) {

    private static final List<Account> UNPRIVILEGED =
            List.of(
                    new Account("postgres", "postgres"),
                    new Account("nobody", "nogroup"),
                    new Account("nobody", "nobody"));

    /**
     * Returns the account for programs that refuse to run as root: {@code postgres} where it
     * exists, else {@code nobody}; empty if this node does not run as root, as then it can only run
     * programs as itself.
     *
     * @throws IOException if this node runs as root and the host has neither account
     */
    public static Optional<Account> unprivileged() throws IOException {
        if (!isRoot()) {
            return Optional.empty();
        }
        for (Account account : UNPRIVILEGED) {
            if (account.exists()) {
                return Optional.of(account);
            }
        }
        throw new IOException(
                "this node runs as root and the host has no account 'postgres' or 'nobody' for its"
                        + " databases; create one of them or run the node as another user");
    }

    /** Returns whether this node runs as root. */
    public static boolean isRoot() {
        try {
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return Integer.valueOf(0).equals(uid);
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    /**
     * Makes this account the owner of {@code path}, without following a link.
     *
     * @throws IOException if that is not allowed
     */
    public void own(Path path) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(
                        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        view.setOwner(userPrincipal());
        view.setGroup(groupPrincipal());
    }

    private boolean exists() {
        try {
            userPrincipal();
            groupPrincipal();
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    private UserPrincipal userPrincipal() throws IOException {
        return lookup().lookupPrincipalByName(user);
    }

    private GroupPrincipal groupPrincipal() throws IOException {
        return lookup().lookupPrincipalByGroupName(group);
    }

    private static UserPrincipalLookupService lookup() {
        return FileSystems.getDefault().getUserPrincipalLookupService();
    }
}
