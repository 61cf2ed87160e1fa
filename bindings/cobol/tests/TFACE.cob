       IDENTIFICATION DIVISION.
       PROGRAM-ID. TFACE.
      * Every step once: its result is written as CSV and shown.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT WRITTEN ASSIGN TO "written.csv"
               ORGANIZATION IS LINE SEQUENTIAL
               FILE STATUS IS WRITTEN-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  WRITTEN.
       01  WRITTEN-LINE            PIC X(200).
       WORKING-STORAGE SECTION.
       COPY PARDOX.
       COPY PDXOPS.
       01  WRITTEN-STATUS          PIC XX.
       01  WRITTEN-PATH            PIC X(20) VALUE "written.csv".
       01  SALES                   BINARY-DOUBLE VALUE 0.
       01  STEP-NAME               PIC X(20).
       01  NUMBER-SHOWN            PIC -(9)9.
       01  SECOND-SHOWN            PIC -(9)9.
       01  TEXT-LINE               PIC X(80).
       01  LINE-POSITION           BINARY-LONG VALUE 0.
       PROCEDURE DIVISION.
       MAIN-LINE.
           MOVE "read" TO STEP-NAME
           MOVE "sales.csv" TO PDX-PATH
           CALL "PDXRCSV" USING PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH SALES PDX-ERROR
           PERFORM CHECK-STATUS
           PERFORM SHOW-SHAPE
           PERFORM SHOW-SCHEMA
           PERFORM TEST-ROWS
           PERFORM TEST-COLUMNS
           PERFORM TEST-GROUPS
           PERFORM TEST-TABLES
           PERFORM TEST-FILES
           PERFORM TEST-DISPLAY
           CALL "PDXCLOS" USING SALES PDX-ERROR
           PERFORM CHECK-STATUS
           STOP RUN.

       TEST-ROWS.
           MOVE "filter" TO STEP-NAME
           MOVE "price > :low and region = :r" TO PDX-PREDICATE
           MOVE 2 TO PDX-PARAM-COUNT
           MOVE "low" TO PDX-PARAM-NAME (1)
           MOVE "float64" TO PDX-PARAM-TYPE (1)
           MOVE 2 TO NUMBER-SHOWN
           MOVE NUMBER-SHOWN TO PDX-PARAM-VALUE (1)
           MOVE "r" TO PDX-PARAM-NAME (2)
           MOVE "utf8" TO PDX-PARAM-TYPE (2)
           MOVE "north" TO PDX-PARAM-VALUE (2)
           CALL "PDXFILT" USING SALES
               PDX-PREDICATE PDX-PREDICATE-LENGTH
               PDX-PARAMS PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "sort" TO STEP-NAME
           MOVE "price desc nulls first, quantity" TO PDX-BY
           CALL "PDXSORT" USING SALES PDX-BY PDX-BY-LENGTH
               OMITTED PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "limit" TO STEP-NAME
           MOVE 2 TO PDX-COUNT
           MOVE 1 TO PDX-OFFSET
           CALL "PDXLIM" USING SALES PDX-COUNT PDX-OFFSET
               PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "all from the fourth" TO STEP-NAME
           MOVE -1 TO PDX-COUNT
           MOVE 3 TO PDX-OFFSET
           CALL "PDXLIM" USING SALES PDX-COUNT PDX-OFFSET
               PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "head" TO STEP-NAME
           MOVE 1 TO PDX-COUNT
           CALL "PDXHEAD" USING SALES PDX-COUNT PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "tail" TO STEP-NAME
           CALL "PDXTAIL" USING SALES PDX-COUNT PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "distinct" TO STEP-NAME
           MOVE "region" TO PDX-COLUMNS
           CALL "PDXDIST" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT.

       TEST-COLUMNS.
           MOVE "select" TO STEP-NAME
           MOVE "region, price * quantity as ""the total"""
               TO PDX-COLUMNS
           CALL "PDXSEL" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH OMITTED PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "with" TO STEP-NAME
           MOVE "upper(product) as product, :n as n" TO PDX-COLUMNS
           MOVE 1 TO PDX-PARAM-COUNT
           MOVE "n" TO PDX-PARAM-NAME (1)
           MOVE "int64" TO PDX-PARAM-TYPE (1)
           MOVE 7 TO NUMBER-SHOWN
           MOVE NUMBER-SHOWN TO PDX-PARAM-VALUE (1)
           CALL "PDXWITH" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH PDX-PARAMS PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "rename" TO STEP-NAME
           MOVE "price as ""a """"name""""  "", sold AS day"
               TO PDX-COLUMNS
           CALL "PDXREN" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "drop" TO STEP-NAME
           MOVE "price,""product"" , sold" TO PDX-COLUMNS
           CALL "PDXDROP" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT.

       TEST-GROUPS.
           MOVE "group" TO STEP-NAME
           MOVE "region" TO PDX-KEYS
           MOVE "sum(price) as total, count() as n"
               TO PDX-AGGREGATES
           CALL "PDXGRP" USING SALES PDX-KEYS PDX-KEYS-LENGTH
               PDX-AGGREGATES PDX-AGGREGATES-LENGTH OMITTED
               PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "aggregate" TO STEP-NAME
           MOVE "max(quantity) as most" TO PDX-AGGREGATES
           CALL "PDXAGG" USING SALES
               PDX-AGGREGATES PDX-AGGREGATES-LENGTH OMITTED
               PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "describe" TO STEP-NAME
           CALL "PDXDESC" USING SALES PDX-RESULT PDX-ERROR
           PERFORM CHECK-STATUS
           CALL "PDXCLOS" USING PDX-RESULT PDX-ERROR
           PERFORM CHECK-STATUS.

       TEST-TABLES.
           MOVE "join" TO STEP-NAME
           MOVE "region as place, quantity" TO PDX-COLUMNS
           CALL "PDXSEL" USING SALES PDX-COLUMNS
               PDX-COLUMNS-LENGTH OMITTED PDX-OTHER PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE "region = place, quantity" TO PDX-ON
           MOVE "left" TO PDX-HOW
           CALL "PDXJOIN" USING SALES PDX-OTHER PDX-ON
               PDX-ON-LENGTH PDX-HOW PDX-HOW-LENGTH PDX-SUFFIX
               PDX-SUFFIX-LENGTH PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           CALL "PDXCLOS" USING PDX-OTHER PDX-ERROR
           MOVE "union" TO STEP-NAME
           MOVE 1 TO PDX-COUNT
           CALL "PDXHEAD" USING SALES PDX-COUNT PDX-OTHER PDX-ERROR
           PERFORM CHECK-STATUS
           CALL "PDXUNIO" USING PDX-OTHER SALES PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "sql" TO STEP-NAME
           MOVE "select s.region, f.product from s join f using (region)
      -    " where s.quantity > :q" TO PDX-QUERY
           MOVE 2 TO PDX-TABLE-COUNT
           MOVE "s" TO PDX-TABLE-NAME (1)
           MOVE SALES TO PDX-TABLE-FRAME (1)
           MOVE "f" TO PDX-TABLE-NAME (2)
           MOVE PDX-OTHER TO PDX-TABLE-FRAME (2)
           MOVE 1 TO PDX-PARAM-COUNT
           MOVE "q" TO PDX-PARAM-NAME (1)
           MOVE "int64" TO PDX-PARAM-TYPE (1)
           MOVE "3" TO PDX-PARAM-VALUE (1)
           CALL "PDXSQL" USING PDX-QUERY PDX-QUERY-LENGTH PDX-TABLES
               PDX-PARAMS PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           CALL "PDXCLOS" USING PDX-OTHER PDX-ERROR.

       TEST-FILES.
           MOVE "prdx" TO STEP-NAME
           MOVE "sales.prdx" TO PDX-PATH
           CALL "PDXWPRX" USING SALES PDX-PATH PDX-PATH-LENGTH
               PDX-ROWS PDX-BYTES PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE PDX-ROWS TO NUMBER-SHOWN
           DISPLAY "ROWS WRITTEN" NUMBER-SHOWN
           CALL "PDXRPRX" USING PDX-PATH PDX-PATH-LENGTH
               PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE "csv options" TO STEP-NAME
           MOVE "other.csv" TO PDX-PATH
           MOVE '{"delimiter": ";", "null_value": "none"}'
               TO PDX-OPTIONS
           CALL "PDXWCSV" USING SALES PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH
               PDX-ROWS PDX-BYTES PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE '{"delimiter": ";", "null_values": ["none"],
      -    ' "schema": {"quantity": "float64"}}' TO PDX-OPTIONS
           CALL "PDXRCSV" USING PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH PDX-RESULT PDX-ERROR
           PERFORM SHOW-RESULT
           MOVE SPACES TO PDX-OPTIONS.

      * The table of display has 5 rows and columns between its lines:
      * that every line of it comes by PDXLINE is what is shown here.
       TEST-DISPLAY.
           MOVE "display" TO STEP-NAME
           CALL "PDXDISP" USING SALES
               PDX-OPTIONS PDX-OPTIONS-LENGTH
               PDX-AREA PDX-AREA-LENGTH PDX-TEXT-LENGTH PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE 0 TO NUMBER-SHOWN SECOND-SHOWN PDX-NUMBER PDX-COUNT
           CALL "PDXLINE" USING PDX-AREA PDX-TEXT-LENGTH
               LINE-POSITION TEXT-LINE BY CONTENT LENGTH OF TEXT-LINE
               BY REFERENCE PDX-ERROR
           PERFORM UNTIL PDX-END
               PERFORM CHECK-STATUS
               INSPECT TEXT-LINE TALLYING PDX-COUNT
                   FOR ALL "north" ALL "2026-02-02"
               CALL "PDXLINE" USING PDX-AREA PDX-TEXT-LENGTH
                   LINE-POSITION TEXT-LINE
                   BY CONTENT LENGTH OF TEXT-LINE
                   BY REFERENCE PDX-ERROR
           END-PERFORM
           MOVE PDX-COUNT TO NUMBER-SHOWN
           DISPLAY "display" NUMBER-SHOWN
           MOVE 64 TO PDX-AREA-LENGTH
           CALL "PDXVERS" USING PDX-AREA PDX-AREA-LENGTH
               PDX-TEXT-LENGTH PDX-ERROR
           PERFORM CHECK-STATUS
           IF PDX-TEXT-LENGTH > 4
               DISPLAY "version"
           END-IF.

       SHOW-SHAPE.
           CALL "PDXSHAP" USING SALES PDX-ROW-COUNT
               PDX-COLUMN-COUNT PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE PDX-ROW-COUNT TO NUMBER-SHOWN
           MOVE PDX-COLUMN-COUNT TO SECOND-SHOWN
           DISPLAY "shape" NUMBER-SHOWN SECOND-SHOWN.

       SHOW-SCHEMA.
           MOVE 1 TO PDX-NUMBER
           PERFORM SHOW-COLUMN UNTIL PDX-END.

       SHOW-COLUMN.
           CALL "PDXSCHM" USING SALES PDX-NUMBER
               PDX-NAME PDX-NAME-LENGTH PDX-DTYPE
               PDX-PRECISION PDX-SCALE PDX-ERROR
           IF NOT PDX-END
               PERFORM CHECK-STATUS
               MOVE PDX-DTYPE TO NUMBER-SHOWN
               DISPLAY PDX-NAME (1:10) NUMBER-SHOWN
               ADD 1 TO PDX-NUMBER
           ELSE
               MOVE RETURN-CODE TO NUMBER-SHOWN
               DISPLAY "END" NUMBER-SHOWN
           END-IF.

      * Writes the result as CSV, shows it, and closes it.
       SHOW-RESULT.
           PERFORM CHECK-STATUS
           DISPLAY "-- " STEP-NAME
           CALL "PDXWCSV" USING PDX-RESULT
               WRITTEN-PATH BY CONTENT LENGTH OF WRITTEN-PATH
               BY REFERENCE OMITTED OMITTED
               PDX-ROWS PDX-BYTES PDX-ERROR
           PERFORM CHECK-STATUS
           CALL "PDXCLOS" USING PDX-RESULT PDX-ERROR
           PERFORM CHECK-STATUS
           OPEN INPUT WRITTEN
           READ WRITTEN
           PERFORM UNTIL WRITTEN-STATUS NOT = "00"
               DISPLAY WRITTEN-LINE (1:60)
               READ WRITTEN
           END-PERFORM
           CLOSE WRITTEN.

       CHECK-STATUS.
           IF NOT PDX-OK
               DISPLAY "FAILED " STEP-NAME PDX-STATUS
               DISPLAY PDX-ERROR-MESSAGE (1:PDX-ERROR-MESSAGE-LENGTH)
               STOP RUN
           END-IF.
