package io.understudy.systemtests.lab;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;

/** What a thread needs to change its network namespace. */
interface Libc extends Library {

    int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
    int NETWORK = 0x40000000;

    /** Returns libc's functions. */
    static Libc load() {
        return Native.load("c", Libc.class);
    }

    /** See open(2). */
    int open(String path, int flags) throws LastErrorException;

    /** See setns(2): of the calling thread. */
    int setns(int file, int kind) throws LastErrorException;

    /** See close(2). */
    int close(int file) throws LastErrorException;
}
