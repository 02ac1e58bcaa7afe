package org.centerloss.cuda.virtual.instruction;

/** A fundamental type of PTX: {@code s32}, {@code f64}, {@code pred} and so on. */
public record Type(char kind, int bits) {
    public static Type of(String name) {
        return name.equals("pred")
                ? new Type('p', 1)
                : new Type(name.charAt(0), Integer.parseInt(name.substring(1)));
    }

    /** Registers hold at least 16 bits. */
    public String register() {
        if (kind == 'p') {
            return ".pred";
        } else if (kind == 'f') {
            return ".f" + bits;
        }
        return ".b" + Math.max(16, bits);
    }

    /** The type in loads and stores. */
    public String memory() {
        return "." + (kind == 'p' ? "u32" : "" + kind + bits);
    }

    public boolean isFloat() {
        return kind == 'f';
    }

    /** The low bits as a number: sign-extended for s8 to s64, otherwise zero-extended. */
    public long extend(long value) {
        if (bits == 64) {
            return value;
        }
        int unused = 64 - bits;
        return kind == 's' ? value << unused >> unused : value << unused >>> unused;
    }

    /** Like {@link #extend}, without the sign. */
    public long truncate(long value) {
        return bits == 64 ? value : value & ((1L << bits) - 1);
    }

    public boolean isNaN(long value) {
        return kind == 'f'
                && (bits == 32
                        ? Float.isNaN(Float.intBitsToFloat((int) value))
                        : Double.isNaN(Double.longBitsToDouble(value)));
    }

    public String print(long value) {
        if (kind != 'f') {
            return "%#x".formatted(truncate(value));
        }
        return bits == 32
                ? Float.toHexString(Float.intBitsToFloat((int) value))
                : Double.toHexString(Double.longBitsToDouble(value));
    }
}
