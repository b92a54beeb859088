package io.understudy.cli.text;

/** Text in a grid of character cells, where an East Asian character takes two. */
public final class Columns {

    private Columns() {}

    /**
     * Returns how many cells {@code text} takes (Unicode Standard Annex 11, wide and fullwidth).
     */
    public static int width(String text) {
        return text.codePoints().map(Columns::cells).sum();
    }

    /** Returns {@code text} filled with blanks on the right, or cut, to exactly {@code width}. */
    public static String fit(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(width - width(cut));
    }

    /** Returns {@code text} filled with blanks on the left, or cut, to exactly {@code width}. */
    public static String right(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(width - width(cut)) + cut;
    }

    /** Returns {@code text}, cut to at most {@code width} cells; a cut shows as {@code ~}. */
    public static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 0;
        for (int codePoint : text.codePoints().toArray()) {
            used += cells(codePoint);
            if (used > width - 1) {
                break;
            }
            kept.appendCodePoint(codePoint);
        }
        return kept.append('~').toString();
    }

    private static int cells(int c) {
        boolean wide =
                c >= 0x1100 && c <= 0x115f
                        || c >= 0x2e80 && c <= 0x303e
                        || c >= 0x3041 && c <= 0xa4cf
                        || c >= 0xac00 && c <= 0xd7a3
                        || c >= 0xf900 && c <= 0xfaff
                        || c >= 0xfe30 && c <= 0xfe6f
                        || c >= 0xff00 && c <= 0xff60
                        || c >= 0xffe0 && c <= 0xffe6
                        || c >= 0x20000 && c <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
