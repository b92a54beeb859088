package io.understudy.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionSkewTest {

    @ParameterizedTest
    @CsvSource({
        "0.1.0,0.1.0,SAME,true",
        "0.1.0,0.1.1,PATCH,true",
        "0.1.0,0.1.0-SNAPSHOT,PATCH,true",
        "1.4,1.4.7,PATCH,true",
        "0.1.9,0.2.0,MINOR,true",
        "1.9.0,1.10.0,MINOR,true",
        "1.10.3,1.9.8,MINOR,true",
        "1.2.0,1.4.0,REFUSED,false",
        "0.9.0,1.0.0,REFUSED,false",
        "1.1.0,2.1.0,REFUSED,false",
        "1.1.0,11.1.0,REFUSED,false",
        "1.1.0,'',REFUSED,false",
        "1.1.0,newest,REFUSED,false",
        "1.1.0,1.1.0.0.1,REFUSED,false",
        "1.1.0,1.x,REFUSED,false",
        "newest,newest,SAME,true",
    })
    void everyRowOfTheRule(String one, String other, VersionSkew skew, boolean allowed) {
        assertEquals(skew, VersionSkew.between(one, other));
        assertEquals(skew, VersionSkew.between(other, one));
        assertEquals(allowed, skew.allowed());
    }
}
