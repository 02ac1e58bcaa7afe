package org.centerloss.cuda.driver;

/** The type of a kernel's parameter, with the letter that stands for it in a list. */
enum ParameterType {
    POINTER('p'),
    INT('i'),
    LONG('l'),
    FLOAT('f'),
    DOUBLE('d');

    private final char letter;

    ParameterType(char letter) {
        this.letter = letter;
    }

    static ParameterType of(char letter) {
        for (ParameterType type : values()) {
            if (type.letter == letter) {
                return type;
            }
        }
        throw new IllegalArgumentException("no parameter type has the letter " + letter);
    }
}
