       IDENTIFICATION DIVISION.
       PROGRAM-ID. TROWS.
      * Rows into records: every form, nulls, exact decimals, the end.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY PARDOX.
       COPY PDXOPS.
       01  SALES                   BINARY-DOUBLE VALUE 0.
       01  SALES-LAYOUT.
           05  FILLER              PIC X(60) VALUE
               "region PIC X(6), FILLER X(2), price S9(3)V99 NULL,".
           05  FILLER              PIC X(60) VALUE
               "quantity BINARY-DOUBLE, ""sold"" BINARY-LONG,".
           05  FILLER              PIC X(60) VALUE
               "half COMP-2 NULL, cheap BINARY-CHAR NULL, t X(10)".
       01  SALES-ROW.
           05  ROW-REGION          PIC X(6).
           05  FILLER              PIC X(2).
           05  ROW-PRICE           PIC S9(3)V99.
           05  ROW-PRICE-NULL      PIC X.
           05  ROW-QUANTITY        BINARY-DOUBLE.
           05  ROW-SOLD            BINARY-LONG.
           05  ROW-HALF            COMP-2.
           05  ROW-HALF-NULL       PIC X.
           05  ROW-CHEAP           BINARY-CHAR.
           05  ROW-CHEAP-NULL      PIC X.
           05  ROW-T               PIC X(10).
       01  SALES-ROWS.
           05  ONE-ROW             PIC X(47) OCCURS 3 TIMES.
       01  PRICE-SHOWN             PIC -(3)9.99.
       01  HALF-SHOWN              PIC -(3)9.999.
       01  NUMBER-SHOWN            PIC -(9)9.
       01  SOLD-SHOWN              PIC -(9)9.
       01  CHEAP-SHOWN             PIC 9.
       01  EXACT-LAYOUT            PIC X(20) VALUE "n S9(19)".
       01  EXACT-ROW.
           05  EXACT-NUMBER        PIC X(19).
       01  NARROW-LAYOUT.
           05  FILLER              PIC X(50) VALUE
               "a BINARY-SHORT, b BINARY-CHAR UNSIGNED, c COMP-1,".
           05  FILLER              PIC X(50) VALUE
               "d BINARY-SHORT UNSIGNED, e S9(4)".
       01  NARROW-ROW.
           05  NARROW-A            BINARY-SHORT.
           05  NARROW-B            BINARY-CHAR UNSIGNED.
           05  NARROW-C            COMP-1.
           05  NARROW-D            BINARY-SHORT UNSIGNED.
           05  NARROW-E            PIC S9(4).
       01  WRONG-LAYOUT            PIC X(20) VALUE "b BINARY-CHAR".
       01  WRONG-ROW               PIC X.
       PROCEDURE DIVISION.
       MAIN-LINE.
           MOVE "sales.csv" TO PDX-PATH
           CALL "PDXRCSV" USING PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH PDX-FRAME PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE "price / 2 as half, price < 2 as cheap,
      -        " cast(sold as utf8) as t" TO PDX-COLUMNS
           CALL "PDXWITH" USING PDX-FRAME PDX-COLUMNS
               PDX-COLUMNS-LENGTH OMITTED SALES PDX-ERROR
           PERFORM CHECK-STATUS
           PERFORM OPEN-SALES
           PERFORM FETCH-ROW
           PERFORM UNTIL PDX-END
               PERFORM SHOW-ROW
               PERFORM FETCH-ROW
           END-PERFORM
           MOVE RETURN-CODE TO NUMBER-SHOWN
           DISPLAY "END" NUMBER-SHOWN
           PERFORM FETCH-ROW
           IF PDX-END
               DISPLAY "END AGAIN"
           END-IF
           CALL "PDXCLOS" USING PDX-READER PDX-ERROR
           PERFORM TEST-BLOCKS
           PERFORM TEST-EXACT
           PERFORM TEST-NARROW
           CALL "PDXCLOS" USING SALES PDX-ERROR
           CALL "PDXCLOS" USING PDX-FRAME PDX-ERROR
           PERFORM CHECK-STATUS
           STOP RUN.

       OPEN-SALES.
           CALL "PDXOPEN" USING SALES
               SALES-LAYOUT BY CONTENT LENGTH OF SALES-LAYOUT
               BY CONTENT LENGTH OF SALES-ROW
               BY REFERENCE PDX-READER PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE LENGTH OF SALES-ROW TO PDX-RECORD-LENGTH.

       FETCH-ROW.
           CALL "PDXFTCH" USING PDX-READER SALES-ROW
               PDX-RECORD-LENGTH PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
           IF NOT PDX-END
               PERFORM CHECK-STATUS
           END-IF.

       SHOW-ROW.
           MOVE ROW-PRICE TO PRICE-SHOWN
           MOVE ROW-QUANTITY TO NUMBER-SHOWN
           MOVE ROW-SOLD TO SOLD-SHOWN
           MOVE ROW-HALF TO HALF-SHOWN
           MOVE ROW-CHEAP TO CHEAP-SHOWN
           DISPLAY ROW-REGION PRICE-SHOWN ROW-PRICE-NULL
               NUMBER-SHOWN SOLD-SHOWN HALF-SHOWN ROW-HALF-NULL
               CHEAP-SHOWN ROW-CHEAP-NULL ROW-T.

      * Three records at a time: three, then two, then the end.
       TEST-BLOCKS.
           PERFORM OPEN-SALES
           MOVE LENGTH OF SALES-ROWS TO PDX-RECORD-LENGTH
           MOVE 3 TO PDX-RECORD-COUNT
           PERFORM FETCH-BLOCK 3 TIMES
           MOVE 1 TO PDX-RECORD-COUNT
           CALL "PDXCLOS" USING PDX-READER PDX-ERROR.

       FETCH-BLOCK.
           CALL "PDXFTCH" USING PDX-READER SALES-ROWS
               PDX-RECORD-LENGTH PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
           MOVE PDX-FETCHED TO NUMBER-SHOWN
           MOVE PDX-STATUS TO SOLD-SHOWN
           DISPLAY "FETCHED" NUMBER-SHOWN SOLD-SHOWN
               ONE-ROW (1) (1:6) ONE-ROW (3) (1:6).

      * 19 digits, the last one with its sign.
       TEST-EXACT.
           MOVE "9223372036854775807 as n" TO PDX-COLUMNS
           CALL "PDXSEL" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH OMITTED PDX-RESULT PDX-ERROR
           PERFORM CHECK-STATUS
           CALL "PDXOPEN" USING PDX-RESULT
               EXACT-LAYOUT BY CONTENT LENGTH OF EXACT-LAYOUT
               BY CONTENT LENGTH OF EXACT-ROW
               BY REFERENCE PDX-READER PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE LENGTH OF EXACT-ROW TO PDX-RECORD-LENGTH
           CALL "PDXFTCH" USING PDX-READER EXACT-ROW
               PDX-RECORD-LENGTH PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
           PERFORM CHECK-STATUS
           DISPLAY EXACT-NUMBER
           CALL "PDXCLOS" USING PDX-READER PDX-ERROR
           CALL "PDXCLOS" USING PDX-RESULT PDX-ERROR.

      * An unsigned column in a signed item would be another number.
       TEST-NARROW.
           MOVE SPACES TO PDX-COLUMNS
           STRING "cast(-5 as int16) as a, cast(250 as uint8) as b,"
               " cast(0.5 as float32) as c, cast(65535 as uint16) as d,"
               " cast(-7 as int8) as e"
               DELIMITED BY SIZE INTO PDX-COLUMNS
           CALL "PDXSEL" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH OMITTED PDX-RESULT PDX-ERROR
           PERFORM CHECK-STATUS
           CALL "PDXOPEN" USING PDX-RESULT
               WRONG-LAYOUT BY CONTENT LENGTH OF WRONG-LAYOUT
               BY CONTENT LENGTH OF WRONG-ROW
               BY REFERENCE PDX-READER PDX-ERROR
           DISPLAY PDX-ERROR-MESSAGE (1:PDX-ERROR-MESSAGE-LENGTH)
           CALL "PDXOPEN" USING PDX-RESULT
               NARROW-LAYOUT BY CONTENT LENGTH OF NARROW-LAYOUT
               BY CONTENT LENGTH OF NARROW-ROW
               BY REFERENCE PDX-READER PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE LENGTH OF NARROW-ROW TO PDX-RECORD-LENGTH
           CALL "PDXFTCH" USING PDX-READER NARROW-ROW
               PDX-RECORD-LENGTH PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE NARROW-A TO NUMBER-SHOWN
           MOVE NARROW-B TO SOLD-SHOWN
           MOVE NARROW-C TO HALF-SHOWN
           DISPLAY NUMBER-SHOWN SOLD-SHOWN HALF-SHOWN
           MOVE NARROW-D TO NUMBER-SHOWN
           MOVE NARROW-E TO SOLD-SHOWN
           DISPLAY NUMBER-SHOWN SOLD-SHOWN
           CALL "PDXCLOS" USING PDX-READER PDX-ERROR
           CALL "PDXCLOS" USING PDX-RESULT PDX-ERROR.

       CHECK-STATUS.
           IF NOT PDX-OK
               DISPLAY "FAILED " PDX-STATUS
               DISPLAY PDX-ERROR-MESSAGE (1:PDX-ERROR-MESSAGE-LENGTH)
               STOP RUN
           END-IF.
